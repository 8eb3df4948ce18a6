"""Selling from a hold at the desk: ordered on the hold's page, waited for on the work-list, paid on the order's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.acts import Seats
from inventory.models import Hold, ReleaseStep, Show
from inventory.services.holds import place_hold
from tests.houses import MANAGER, rows, seat, statuses
from tests.inventory.admin import pages
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.models import Order, Payment, Ticket
from ticketing.services.ordering import order_from_hold


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_priced_show(rows("A", 6))


@pytest.fixture
def held(show: Show) -> Hold:
    wanted = Seats([seat(show, label).pk for label in ("A-1", "A-2", "A-3")])
    return place_hold(show_id=show.pk, wanted=wanted, purpose="corporate", party="Chai Co", by=MANAGER)


def asked(**fields: Any) -> dict[str, Any]:
    choice = {"how": "number", "quantity": "2", "order": "best", "tier": "", "section": "", "names": "", "places": ""}
    return choice | {"name": "Chai Co", "contact": "", "note": "A transfer, by letter."} | fields


def ordered(held: Hold) -> Order:
    place_ids = list(held.claim.places.values_list("pk", flat=True))
    return order_from_hold(hold_id=held.pk, place_ids=place_ids[:2], by=MANAGER, name="Chai Co")


def test_places_are_looked_at_with_what_they_cost_and_then_ordered(manager: Client, show: Show, held: Hold) -> None:
    address = pages.of(held.claim, "sell")
    looked = manager.post(address, asked() | {"look": ""})
    assert "2 tickets would be ordered: Stalls A 1-2. To pay: ₹2,360.00." in pages.words(looked)

    seen = looked.context["seen"]
    response = manager.post(address, asked(looked=seen["ids"], looked_for=seen["for"]))

    order = Order.objects.get()
    assert response["Location"] == pages.of(order)
    said = pages.words(manager.get(response["Location"]))
    assert f"HF-{order.pk}: 2 tickets ordered, Stalls A 1-2. To pay: ₹2,360.00." in said
    assert "Record its money" in said and "Cancel it" in said
    assert statuses(show) == {"held": 3, "open": 3}
    assert "2 used" in pages.words(manager.get(pages.of(held.claim)))


def test_out_of_a_hold_of_a_cancelled_show_nothing_is_sold_or_given(manager: Client, show: Show, held: Hold) -> None:
    ways = ("Give complimentary tickets…", "Sell, paid later…", "Guest list…")
    offered = pages.words(manager.get(pages.of(held.claim)))
    assert [way for way in ways if way in offered] == list(ways)
    Show.objects.filter(pk=show.pk).update(state="cancelled")

    offered = pages.words(manager.get(pages.of(held.claim)))

    assert [way for way in ways if way in offered] == []
    assert "Break…" in offered
    refused = pages.words(manager.post(pages.of(held.claim, "sell"), asked()))
    assert "This show is cancelled" in refused and "Nothing was ordered." in refused
    assert not Order.objects.exists()


def test_a_hold_that_is_ordered_leads_to_its_order_and_offers_nothing_else(manager: Client, held: Hold) -> None:
    order = ordered(held)

    said = pages.words(manager.get(pages.of(order.lock)))

    assert f"To the order HF-{order.pk}" in said
    for way in ("Break…", "Another end…", "Give complimentary tickets…", "Sell, paid later…"):
        assert way not in said
    for verb in ("sell", "complimentary"):
        assert manager.get(pages.of(order.lock, verb)).status_code == 404
    broken = manager.post(pages.of(order.lock, "break"), {"reason": "house_needs_them"})
    assert "These places are ordered and not paid yet." in pages.words(broken)


def test_what_is_ordered_gets_no_ladder_at_the_desk(manager: Client, show: Show, held: Hold) -> None:
    order = ordered(held)
    adding = f"{pages.adding(ReleaseStep)}?show={show.pk}&hold={order.lock_id}"
    assert "Add a step" not in pages.words(manager.get(pages.of(order.lock)))

    sent = {"show": show.pk, "hold": order.lock_id, "at_0": "2099-01-01", "at_1": "10:00", "quantity": "1"}
    response = manager.post(adding, sent)

    assert "These places are ordered and not paid yet: no ladder gives them back." in pages.words(response)
    assert not ReleaseStep.objects.exists()


def test_the_work_list_waits_for_the_party_and_leads_to_where_its_money_is_recorded(
    manager: Client, held: Hold
) -> None:
    order = ordered(held)

    response = manager.get(reverse("admin:ticketing_worklist"))

    said = pages.words(response)
    assert "Awaiting money from the party" in said and "Chai Co: ₹2,360.00" in said
    assert pages.of(order, "money") in response.content.decode()


@pytest.mark.parametrize(
    ("tender", "reference", "kept"),
    [("bank_transfer", "UTR-77", "UTR-77"), ("cash", "ignored", ""), ("partner_account", "A-12", "A-12")],
)
def test_recorded_money_confirms_the_order_and_issues_its_tickets(
    manager: Client, held: Hold, tender: str, reference: str, kept: str
) -> None:
    order = ordered(held)

    response = manager.post(pages.of(order, "money"), {"tender": tender, "reference": reference, "note": "Seen."})

    payment = Payment.objects.get()
    assert response["Location"] == pages.of(order)
    assert (payment.tender, payment.reference, payment.received_paise) == (tender, kept, 236_000)
    assert Ticket.objects.filter(order=order).count() == 2
    said = pages.words(manager.get(response["Location"]))
    assert ": Seen." in said
    assert "recorded, and its tickets are issued." in said and "Record its money" not in said
    assert "Awaiting money" not in pages.words(manager.get(reverse("admin:ticketing_worklist")))
    assert_books_are_true()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "This field is required."),
        ({"tender": "cash", "note": " "}, "This field is required."),
        ({"tender": "bank_transfer"}, "Say where this is written"),
        ({"tender": "complimentary", "reference": "x"}, "Select a valid choice."),
        ({"tender": "gateway", "reference": "x"}, "Select a valid choice."),
    ],
)
def test_money_says_by_what_it_came_and_where_that_is_written(
    manager: Client, held: Hold, sent: dict[str, str], says: str
) -> None:
    order = ordered(held)

    assert says in pages.words(manager.post(pages.of(order, "money"), {"note": "Seen."} | sent))
    assert not Payment.objects.exists()


def test_money_twice_is_refused_and_recorded_once(manager: Client, held: Hold) -> None:
    order = ordered(held)
    sent = {"tender": "bank_transfer", "reference": "UTR-77", "note": "Seen."}
    manager.post(pages.of(order, "money"), sent)

    again = manager.post(pages.of(order, "money"), sent)

    assert "This order is paid. No money was recorded." in pages.words(again)
    assert Payment.objects.count() == 1


def test_an_order_that_is_off_keeps_its_places_held_unless_somebody_says_otherwise(
    manager: Client, show: Show, held: Hold
) -> None:
    first = ordered(held)
    page = manager.get(pages.of(first, "cancel"))
    assert page.context["form"].fields["keeps_hold"].initial is True
    assert "It waits for ₹2,360.00 from Corporate: Chai Co." in pages.words(page)

    manager.post(pages.of(first, "cancel"), {"reason": "mistake", "keeps_hold": "on"})
    assert statuses(show) == {"held": 3, "open": 3}

    kept = Hold.objects.get(claim=seat(show, "A-1").claim_id)
    second = ordered(kept)
    manager.post(pages.of(second, "cancel"), {"reason": "mistake"})
    assert statuses(show) == {"held": 1, "open": 5}
    assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}


def test_the_money_form_says_of_which_references_one_pays_once(manager: Client, held: Hold) -> None:
    said = pages.words(manager.get(pages.of(ordered(held), "money")))

    assert "A transfer or a slip pays for one order only." in said
    assert "One pays once" not in said


def test_who_may_not_break_holds_cancels_an_order_and_its_places_stay_held(
    may: Callable[..., Client], show: Show, held: Hold
) -> None:
    order = ordered(held)
    assistant = may("ticketing.view_order", "ticketing.cancel_order")
    page = assistant.get(pages.of(order, "cancel"))
    assert "keeps_hold" not in page.context["form"].fields
    assert "Its places stay held for the party" in pages.words(page)

    assistant.post(pages.of(order, "cancel"), {"reason": "mistake"})

    assert Order.objects.get().state == "cancelled"
    assert statuses(show) == {"held": 3, "open": 3}


def test_an_order_sent_twice_is_one_order_though_it_took_the_whole_hold(
    manager: Client, show: Show, held: Hold
) -> None:
    page = manager.get(pages.of(held.claim, "sell"))
    sent = asked(quantity="3", once=page.context["once"])

    first = manager.post(pages.of(held.claim, "sell"), sent)
    second = manager.post(pages.of(held.claim, "sell"), sent)

    order = Order.objects.get()
    assert first["Location"] == second["Location"] == pages.of(order)
    assert f"This was done already: HF-{order.pk}." in pages.words(manager.get(second["Location"]))
    assert statuses(show) == {"held": 3, "open": 3}
