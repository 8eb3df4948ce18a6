"""Sellers, tax categories, local taxes and terms: edited by people, checked as the law has them, kept once used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.houses import make_show, rows
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show, make_seller
from ticketing.models import DocumentSeries, EventCategory, LocalTax, LocalTaxRate, Seller, TaxBand, Terms

CATALOG: list[type[Seller] | type[EventCategory] | type[LocalTax] | type[Terms]] = [
    Seller, EventCategory, LocalTax, Terms,
]  # fmt: skip


def seller(**fields: str) -> dict[str, str]:
    told = {"legal_name": "Curtain Call", "code": "CUR", "address": "", "support_contact": ""}
    return told | {"gst_status": "regular", "gstin": "27AAPFU0939F1ZV", "state_code": "27"} | fields


# Sellers --------------------------------------------------------------------------------------------------------------


def test_a_gstin_is_kept_in_capitals_however_it_was_typed(manager: Client) -> None:
    assert manager.post(pages.adding(Seller), seller(gstin="27aapfu 0939f1zv")).status_code == 302

    assert Seller.objects.get().gstin == "27AAPFU0939F1ZV"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"gstin": "27AAPFU0939F1ZX"}, "This GSTIN is mistyped"),
        ({"gstin": "27AAPFU"}, "A GSTIN has 15 characters"),
        ({"gstin": "29AAGCB7383J1Z4"}, "This GSTIN is of Karnataka, and the state is another."),
        ({"gstin": ""}, "A registered seller has a GSTIN; one who is not has none."),
        ({"gst_status": "unregistered"}, "A registered seller has a GSTIN; one who is not has none."),
        ({"state_code": "99", "gstin": "", "gst_status": "unregistered", "code": "TOOLONG"}, "at most 3 characters"),
        ({"state_code": "40"}, "No state has this code."),
        ({"code": "mum"}, "Three capital letters or digits."),
    ],
)
def test_a_seller_that_cannot_be_is_refused(manager: Client, sent: dict[str, str], said: str) -> None:
    response = manager.post(pages.adding(Seller), seller(**sent))

    assert said in pages.words(response)
    assert not Seller.objects.exists()


def test_a_registration_that_cannot_be_checked_is_taken_with_a_warning(manager: Client) -> None:
    response = manager.post(pages.adding(Seller), seller(gstin="2717USA12345UN1"), follow=True)

    assert "It cannot be checked here." in pages.words(response)
    assert Seller.objects.get().gstin == "2717USA12345UN1"


def test_a_sellers_code_is_fixed_once_a_document_is_out(manager: Client) -> None:
    row = make_seller()
    DocumentSeries.objects.create(seller=row, prefix="MUM", year="26-27", last=0)

    form = manager.get(pages.of(row)).context["adminform"].form

    assert "code" not in form.fields
    assert "given documents out" in pages.words(
        manager.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)
    )
    assert Seller.objects.exists()


# Taxes ----------------------------------------------------------------------------------------------------------------


def bands(page: Any, *ladder: dict[str, str]) -> dict[str, Any]:
    """The form as it is, with these bands in place of what was there."""
    sent = {name: value for name, value in pages.filled_in(page).items() if not name.startswith("bands-")}
    sent |= {"bands-TOTAL_FORMS": str(len(ladder)), "bands-INITIAL_FORMS": "0"}
    for nth, band in enumerate(ladder):
        told = {"from_on": "2027-04-01", "up_to_paise": "", "rate_bp": "1800", "basis": "exclusive", "source": ""}
        sent |= {f"bands-{nth}-{name}": value for name, value in (told | band).items()}
    return sent


def test_bands_are_typed_in_rupees(manager: Client) -> None:
    row = EventCategory.objects.create(code="mela", name="Mela")
    page = manager.get(pages.of(row))

    exempt = {"up_to_paise": "500", "rate_bp": "0", "is_exempt": "on"}
    assert manager.post(pages.of(row), bands(page, exempt, {})).status_code == 302

    assert [(band.up_to_paise, band.rate_bp, band.is_exempt) for band in row.bands.order_by("rate_bp")] == [
        (50_000, 0, True),
        (None, 1800, False),
    ]
    assert "exempt up to ₹500.00, 18 %, from 01 Apr 2027" in pages.words(manager.get(pages.listing(EventCategory)))


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        ([{"up_to_paise": "500", "rate_bp": "0"}], "The last band has no end, or some price has no band."),
        ([{"up_to_paise": "500", "rate_bp": "2800"}, {}], "A dearer band with a lower rate"),
        ([{"rate_bp": "1801"}], "no two equal halves"),
        ([{"rate_bp": "1800", "is_exempt": "on"}], "What is exempt has no rate."),
        ([{}, {}], "From 01 Apr 2027"),
    ],
)
def test_bands_that_are_no_ladder_are_refused_and_change_nothing(
    manager: Client, ladder: list[dict[str, str]], said: str
) -> None:
    row = EventCategory.objects.create(code="mela", name="Mela")

    response = manager.post(pages.of(row), bands(manager.get(pages.of(row)), *ladder))

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert not TaxBand.objects.filter(category=row).exists()


def test_saving_a_category_as_it_is_changes_none_of_its_bands(manager: Client) -> None:
    row = EventCategory.objects.get(code="concert")
    before = list(row.bands.order_by("pk").values())

    assert manager.post(pages.of(row), pages.filled_in(manager.get(pages.of(row)))).status_code == 302

    assert before == list(row.bands.order_by("pk").values())


def test_a_local_tax_shows_its_latest_rate(manager: Client) -> None:
    tax = LocalTax.objects.create(code="panchayat", name="Panchayat")
    for year, rate in ((2025, 1000), (2026, 800)):
        LocalTaxRate.objects.create(tax=tax, from_on=f"{year}-04-01", rate_bp=rate)

    assert "8 % from 2026-04-01" in pages.words(manager.get(pages.listing(LocalTax)))


# Terms ----------------------------------------------------------------------------------------------------------------


def test_a_show_gets_its_terms_and_keeps_them_once_something_is_sold(manager: Client) -> None:
    show, row, category = make_show(rows("A", 3)), make_seller(), EventCategory.objects.get(code="concert")
    sent = {"show": show.pk, "seller": row.pk, "category": category.pk, "local_tax": "", "late_money": "refund"}
    sent |= {
        "tickets_per_contact": 6,
        "pay_for_s": 300,
        "grace_s": 60,
        "buyers_cancel_until_h": "",
        "note_on_ticket": "",
        "note": "As agreed.",
    }

    page = manager.get(f"{pages.adding(Terms)}?show={show.pk}")
    assert page.context["adminform"].form.initial["show"] == str(show.pk)
    assert "Curtain Call Productions (MUM)" in pages.words(page)
    assert manager.post(pages.adding(Terms), sent).status_code == 302

    terms = Terms.objects.get()
    assert (terms.show, terms.late_money, terms.tickets_per_contact) == (show, "refund", 6)
    other = make_priced_show(slug="othello")
    sold(other, 1)
    response = manager.post(pages.of(other.terms, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)
    assert "There are orders under these terms, so they are kept." in pages.words(response)


def test_terms_never_become_another_shows(manager: Client) -> None:
    terms = make_priced_show().terms
    other = make_show(rows("A", 3), slug="othello")

    manager.post(pages.of(terms), pages.filled_in(manager.get(pages.of(terms))) | {"show": str(other.pk)})

    assert Terms.objects.get().show_id == terms.show_id


# All of them ----------------------------------------------------------------------------------------------------------


def three_more(model: type[Any]) -> None:
    for nth in range(3):
        show = make_show(rows("A", 1), slug=f"show-{nth}")
        row = make_seller(f"SH{nth}")
        category = EventCategory.objects.create(code=f"c{nth}", name=f"Category {nth}")
        TaxBand.objects.create(category=category, from_on="2026-01-01", rate_bp=1800)
        tax = LocalTax.objects.create(code=f"t{nth}", name=f"Tax {nth}")
        LocalTaxRate.objects.create(tax=tax, from_on="2026-01-01", rate_bp=1000)
        Terms.objects.create(show=show, seller=row, category=category, local_tax=tax)
    assert model._default_manager.count() >= 3


@pytest.mark.parametrize("model", CATALOG)
def test_three_more_rows_take_no_more_queries(
    manager: Client, model: type[Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_priced_show()
    tax = LocalTax.objects.create(code="one", name="One")
    LocalTaxRate.objects.create(tax=tax, from_on="2026-01-01", rate_bp=1000)
    Terms.objects.filter(show=show).update(local_tax=tax)
    manager.get(pages.listing(model))
    with CaptureQueriesContext(connection) as before:
        manager.get(pages.listing(model))
    three_more(model)

    with django_assert_num_queries(len(before)):
        manager.get(pages.listing(model))


@pytest.mark.parametrize("model", CATALOG)
def test_what_is_in_use_is_kept(manager: Client, model: type[Any]) -> None:
    three_more(model)
    row = model._default_manager.latest("pk")
    if model is Terms:
        sold(make_priced_show(), 1)
        row = Terms.objects.get(show__slug="hamlet")

    response = manager.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "kept" in pages.words(response)
    assert model._default_manager.filter(pk=row.pk).exists()


def test_who_may_only_view_edits_nothing(auditor: Client) -> None:
    three_more(Terms)

    for model in CATALOG:
        row = model._default_manager.latest("pk")
        assert auditor.get(pages.of(row)).status_code == 200
        assert auditor.post(pages.of(row), {}).status_code == 403
        assert auditor.get(pages.adding(model)).status_code == 403
