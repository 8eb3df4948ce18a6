"""Which document, and its number, at the turn of the financial year as well."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ticketing.tax.documents import (
    DocumentNumberInvalid,
    Kind,
    document_for_refund,
    document_number,
    documents_for_sale,
    financial_year,
    series_of,
)
from ticketing.tax.split import split_price
from ticketing.tax.words import Band, Seller, Split, Supply

HERE = Supply("27", "27")
TAXED = split_price(118000, Band(None, 1800), supply=HERE)
EXEMPT = split_price(50000, Band(50000, 0, is_exempt=True), supply=HERE)
FREE = split_price(0, Band(50000, 0, is_exempt=True), supply=HERE)
LAST_MINUTE = datetime(2027, 3, 31, 18, 29, 59, tzinfo=UTC)  # 31 March 23:59:59 in India
FIRST_MINUTE = datetime(2027, 3, 31, 18, 30, tzinfo=UTC)


def test_a_number_has_series_year_and_serial() -> None:
    assert document_number("MUM", datetime(2026, 11, 25, 10, 0, tzinfo=UTC), 123) == "MUM/26-27/000123"


def test_a_series_of_four_has_room_by_a_shorter_year() -> None:
    assert document_number("MUMC", datetime(2026, 11, 25, 10, 0, tzinfo=UTC), 123) == "MUMC/2627/000123"


def test_each_kind_of_a_seller_has_a_series_of_its_own() -> None:
    assert series_of("MUM", Kind.INVOICE) == "MUM"
    assert series_of("MUM", Kind.CREDIT_NOTE) == "MUMC"
    assert len({series_of("MUM", kind) for kind in Kind}) == len(Kind)


def test_the_year_ends_at_midnight_in_india() -> None:
    assert (financial_year(LAST_MINUTE), financial_year(FIRST_MINUTE)) == ("26-27", "27-28")
    assert document_number("C", FIRST_MINUTE, 1) == "C/27-28/000001"


def test_a_century_ends_too() -> None:
    assert financial_year(datetime(2099, 12, 31, tzinfo=UTC)) == "99-00"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True),
    st.datetimes(datetime(2017, 7, 1), datetime(2117, 7, 1), timezones=st.just(UTC)),
    st.integers(1, 999_999),
)
def test_every_number_is_one_that_the_law_allows(series: str, at: datetime, serial: int) -> None:
    assert re.fullmatch(r"[A-Z0-9/-]{1,16}", document_number(series, at, serial))


@pytest.mark.parametrize("series", ["", "MUMBA", "mum", "M/1", "मुं", "M 1"])
def test_a_series_that_would_not_fit_is_refused(series: str) -> None:
    with pytest.raises(DocumentNumberInvalid) as refused:
        document_number(series, LAST_MINUTE, 1)

    assert refused.value.code == "document_number_invalid"


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_a_serial_that_would_not_fit_is_refused(serial: int) -> None:
    with pytest.raises(DocumentNumberInvalid):
        document_number("MUM", LAST_MINUTE, serial)


def test_a_short_series_may_have_more_numbers() -> None:
    assert document_number("M", LAST_MINUTE, 12_345_678) == "M/26-27/12345678"


@pytest.mark.parametrize(
    ("seller", "lines", "expected"),
    [
        (Seller.REGULAR, [TAXED, TAXED], Kind.INVOICE),
        (Seller.REGULAR, [EXEMPT], Kind.BILL_OF_SUPPLY),
        (Seller.REGULAR, [EXEMPT, TAXED], Kind.INVOICE_CUM_BILL_OF_SUPPLY),
        (Seller.REGULAR, [FREE, TAXED], Kind.INVOICE),
        (Seller.COMPOSITION, [EXEMPT, TAXED], Kind.BILL_OF_SUPPLY),
        (Seller.UNREGISTERED, [EXEMPT, TAXED], Kind.RECEIPT),
    ],
)
def test_a_sale_has_the_document_of_its_seller_and_its_lines(
    seller: Seller, lines: list[Split], expected: Kind
) -> None:
    assert documents_for_sale(lines, seller=seller) == (expected,)


def test_a_registered_buyer_of_both_gets_two() -> None:
    found = documents_for_sale([EXEMPT, TAXED], seller=Seller.REGULAR, buyer_is_registered=True)

    assert found == (Kind.INVOICE, Kind.BILL_OF_SUPPLY)


@pytest.mark.parametrize("seller", Seller)
def test_what_is_complimentary_is_no_supply(seller: Seller) -> None:
    assert documents_for_sale([FREE, FREE], seller=seller) == ()


@pytest.mark.parametrize(
    ("seller", "is_documented", "expected"),
    [
        (Seller.REGULAR, True, Kind.CREDIT_NOTE),
        (Seller.REGULAR, False, Kind.REFUND_VOUCHER),
        (Seller.COMPOSITION, True, Kind.CREDIT_NOTE),
        (Seller.UNREGISTERED, True, Kind.REFUND_RECEIPT),
    ],
)
def test_a_refund_has_one_too(seller: Seller, is_documented: bool, expected: Kind) -> None:
    assert document_for_refund(seller=seller, is_documented=is_documented) is expected


def test_documents_have_names() -> None:
    assert [kind.printed for kind in Kind] == [
        "Tax invoice",
        "Bill of supply",
        "Invoice-cum-bill of supply",
        "Credit note",
        "Refund voucher",
        "Receipt",
        "Refund receipt",
    ]
