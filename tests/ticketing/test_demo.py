"""The demo's money: every sale is a paid order, every kind of trouble is there once, and the books are true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F, Q

from inventory.demo import loading, programme
from inventory.models import Claim, Place, Show, Tier
from tests.ticketing.books import assert_books_are_true
from ticketing.demo.loading import load_demo
from ticketing.demo.programme import DEALS
from ticketing.models import (
    Complimentary,
    GuestList,
    Letter,
    Order,
    OrderContact,
    OrderLine,
    Payment,
    Price,
    PriceException,
    Refund,
    Ticket,
)
from ticketing.queries.parties import awaiting_money
from ticketing.queries.quotes import prices_at
from ticketing.queries.worklist import work_list

LATE = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)  # 23:35 in India
NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def checkout(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small hall's shows alone, where a test is not about the houses."""
    houses = [one for one in programme.PROGRAMME if one.venue == "tin-box"]
    monkeypatch.setattr(loading, "PROGRAMME", houses)


def test_the_whole_demo_sells_for_money_and_its_books_are_true() -> None:
    load_demo(say=lambda line: None, now=LATE, scale=0.1)

    assert_books_are_true()
    assert not Claim.objects.filter(kind="sale", reference__startswith="DEMO").exists()
    assert Ticket.objects.filter(voided_at=None).count() == Place.objects.filter(status="sold").count() > 50
    assert {tender for (tender,) in Payment.objects.values_list("tender")} >= {"gateway", "cash", "partner_account"}
    assert set(Order.objects.values_list("state", flat=True)) == {
        "awaiting_payment",
        "cancelled",
        "confirmed",
        "expired",
    }
    assert Payment.objects.filter(state="pending", order__lock__due_at__gt=LATE).exists()
    assert Payment.objects.filter(state="failed", order__state="awaiting_payment").exists()
    assert Order.objects.filter(is_late=True, state="confirmed").exists()
    assert sorted(line.what for line in work_list()) == ["refund_by_hand", "refund_failed", "unmatched"]
    lines = OrderLine.objects.all()
    assert lines.filter(is_exempt=True).exists()
    assert lines.filter(igst_paise__gt=0).exists() and lines.filter(cgst_paise__gt=0).exists()


def test_every_tier_of_a_show_on_sale_has_a_price(short: None) -> None:
    load_demo(say=lambda line: None, now=LATE, scale=0.1)

    for show in Show.objects.filter(tiers__isnull=False).distinct():
        assert [tier.code for tier in prices_at(show.pk, None, LATE) if tier.price is None] == []
    assert all(
        set(Tier.objects.filter(show__slug=slug).values_list("code", flat=True)) <= {tag.tier for tag in deal.tags}
        for slug, deal in DEALS.items()
    )


def test_every_document_is_due_and_letters_of_the_last_half_hour_alone(short: None) -> None:
    load_demo(say=lambda line: None, now=LATE, scale=0.3)

    confirmed = Order.objects.filter(confirmed_at__isnull=False)
    assert confirmed.filter(is_document_due=False, total_paise__gt=0).count() == 0
    assert Refund.objects.filter(state="processed", of_aside=False, is_document_due=False).count() == 0
    told = set(Letter.objects.filter(kind="tickets").values_list("order_id", flat=True))
    paid = confirmed.filter(contact__isnull=False, complimentary__isnull=True)
    given = confirmed.filter(contact__contact__contains="@", complimentary__isnull=False)
    assert told == {*paid.values_list("pk", flat=True), *given.values_list("pk", flat=True)}
    waiting = Letter.objects.filter(sent_at=None)
    assert 1 <= waiting.count() < 5
    assert not waiting.filter(due_at__lt=LATE - timedelta(minutes=30)).exists()


def test_the_web_pays_by_upi_and_gives_one_contact_and_the_counter_gives_none(short: None) -> None:
    load_demo(say=lambda line: None, now=LATE)

    paid = Payment.objects.filter(state="captured", order__isnull=False, aside_as="")
    assert {tuple(row) for row in paid.values_list("order__channel__code", "tender").distinct()} == {
        ("web", "gateway"),
        ("counter", "cash"),
        ("counter", "card_slip"),
        ("counter", "complimentary"),
        ("partner", "partner_account"),
    }
    by_upi = paid.filter(tender="gateway")
    assert not by_upi.filter(~Q(gateway_payment_id__startswith="pay_") | Q(bank_reference="")).exists()
    assert not by_upi.filter(qr_id="", gateway_order_id="").exists()
    bought = OrderContact.objects.filter(order__total_paise__gt=0, order__lock__kind="lock")
    given = bought.values_list("contact", "order__channel__code")
    assert {channel for _, channel in given} == {"web"}
    assert all(contact.endswith(".example") for contact, _ in given)


def test_what_the_program_will_look_at_again_asks_the_real_gateway_nothing(short: None) -> None:
    load_demo(say=lambda line: None, now=LATE)

    watched = Payment.objects.filter(next_look_at__isnull=False)
    assert watched.exists()
    assert not watched.exclude(qr_id="", gateway_order_id="", gateway_payment_id="").exists()
    assert not Refund.objects.filter(next_try_at__isnull=False).exists()


def test_a_price_between_two_bands_and_a_channels_own_price_say_why() -> None:
    load_demo(say=lambda line: None, now=LATE, scale=0.1)

    between = Price.objects.exclude(reading="").get()
    assert (between.paise, between.reading) == (550_00, "upper")
    assert "18 %" in between.reading_reason
    partner = PriceException.objects.get(channel__code="partner")
    assert partner.approver == User.objects.get(username="manager")
    assert partner.note and partner.reason_code == "partner_rate"
    assert PriceException.objects.filter(channel__code="counter", ends_at__lt=LATE).count() == 1
    sold = OrderLine.objects.filter(exception__isnull=True, order__complimentary__isnull=True)
    assert not sold.exclude(paise=F("price__paise")).exists()


def test_tickets_were_given_a_guest_list_came_in_and_a_party_has_not_paid_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    tonight = [one for one in programme.PROGRAMME if one.slug == "seven-monsoons"]
    monkeypatch.setattr(loading, "PROGRAMME", tonight)

    load_demo(say=lambda line: None, now=NOON, scale=0.1)  # late at night the party's hold is over

    assert "artist" in Complimentary.objects.values_list("recipient", flat=True)
    assert GuestList.objects.filter(show__slug="seven-monsoons").get().guest_count == 5
    assert awaiting_money(10)[0].party == "Banyan Mutual, staff evening"


def test_the_auditor_sees_the_money_too(short: None) -> None:
    load_demo(say=lambda line: None, now=LATE, scale=0.1)

    auditor = User.objects.get(username="auditor")
    assert auditor.has_perm("ticketing.view_payment") and auditor.has_perm("inventory.view_place")
    assert not auditor.has_perm("ticketing.change_terms")
