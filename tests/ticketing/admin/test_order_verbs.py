"""What a person does with an order in the admin: cancel, refund, send again, forget."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import Place
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, make_priced_show, opened, order, state_of
from tests.ticketing.sandboxed import Sandbox
from tests.ticketing.transitions.scene import Scene
from ticketing.models import ContactErasure, Letter, Order, OrderContact, Payment, Refund, Ticket
from ticketing.services.cancelling import refund_order

WHY = {"reason": "customer_request", "other": "", "note": "At the window."}


def verb(made: Order, name: str) -> str:
    return pages.of(made, name)


def ids(made: Order) -> list[int]:
    return list(Ticket.objects.filter(order=made).order_by("pk").values_list("pk", flat=True))


# Refunding ------------------------------------------------------------------------------------------------------------


def test_a_whole_order_is_refunded_and_says_who_and_why(manager: Client) -> None:
    made = sold(make_priced_show())
    page = manager.get(verb(made, "refund"))
    assert all(f"T-{ticket}" in pages.words(page) for ticket in ids(made))

    response = manager.post(verb(made, "refund"), WHY | {"tickets": ids(made)}, follow=True)

    assert "₹2,360.00 goes back" in pages.words(response)
    refund = Refund.objects.get()
    assert (refund.amount_paise, refund.reason_code, refund.note) == (236_000, "customer_request", "At the window.")
    assert refund.actor == f"user:{User.objects.get().pk}"
    assert not Ticket.objects.filter(voided_at=None).exists()
    assert not Place.objects.filter(status="sold").exists()
    assert LogEntry.objects.get().change_message == "₹2,360.00 goes back: the buyer asks for it: At the window."
    assert_books_are_true()


def test_one_ticket_of_two_is_refunded_and_the_other_stays_good(manager: Client) -> None:
    made = sold(make_priced_show())
    first, second = ids(made)

    manager.post(verb(made, "refund"), WHY | {"tickets": [second]})

    assert list(Ticket.objects.filter(voided_at=None).values_list("pk", flat=True)) == [first]
    assert (Refund.objects.get().amount_paise, state_of(made.pk)) == (118_000, "confirmed")
    assert f"T-{second}" not in pages.words(manager.get(verb(made, "refund")))
    assert_books_are_true()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (WHY, "Choose at least one ticket."),
        ({"tickets": "first"}, "This field is required."),
        (WHY | {"tickets": "stranger"}, "A ticket was void meanwhile."),
        ({"reason": "other", "other": "", "tickets": "first"}, "Name the reason by a code of your own."),
    ],
)
def test_without_a_ticket_or_a_reason_nothing_happens(manager: Client, sent: dict[str, str], said: str) -> None:
    show = make_priced_show()
    made, another = sold(show, 1), sold(show, 1)
    tickets = {"first": ids(made), "stranger": ids(another)}

    answer = manager.post(verb(made, "refund"), sent | {"tickets": tickets.get(sent.get("tickets", ""), [])})

    assert said in pages.words(answer)
    assert Refund.objects.count() == 0


def test_a_ticket_that_was_void_meanwhile_is_not_refunded_twice(
    manager: Client, staff_refund: Callable[..., None]
) -> None:
    made = sold(make_priced_show())
    staff_refund(made)

    answer = manager.post(verb(made, "refund"), WHY | {"tickets": ids(made)})

    assert "A ticket was void meanwhile." in pages.words(answer)
    assert Refund.objects.count() == 1


@pytest.fixture
def staff_refund() -> Callable[..., None]:
    from tests.ticketing.admin.selling import CLERK

    def refund(made: Order) -> None:
        refund_order(order_id=made.pk, by=CLERK)

    return refund


# Cancelling -----------------------------------------------------------------------------------------------------------


def test_an_unpaid_order_is_cancelled_its_code_closed_and_its_places_open(manager: Client, sandbox: Sandbox) -> None:
    scene = Scene(sandbox, make_priced_show())
    made = Order.objects.get(pk=scene.order(2))
    payment = scene.start(made.pk)

    response = manager.post(verb(made, "cancel"), WHY | {"reason": "asked_by_buyer"}, follow=True)

    assert "cancelled" in pages.words(response)
    made.refresh_from_db()
    payment.refresh_from_db()
    assert (made.state, made.reason_code, payment.state) == ("cancelled", "asked_by_buyer", "lapsed")
    assert not Place.objects.exclude(status="open").exists()
    assert_books_are_true()


def test_one_that_was_paid_meanwhile_is_not_cancelled_but_kept_and_says_so(manager: Client, sandbox: Sandbox) -> None:
    scene = Scene(sandbox, make_priced_show())
    made = Order.objects.get(pk=scene.order(2))
    sandbox.pay(opened(scene.start(made.pk)))

    answer = manager.post(verb(made, "cancel"), WHY | {"reason": "asked_by_buyer"})

    assert "paid" in pages.words(answer)
    assert (state_of(made.pk), Ticket.objects.filter(voided_at=None).count()) == ("confirmed", 2)
    assert_books_are_true()


def test_without_a_gateway_an_order_is_not_cancelled_and_the_page_says_why(manager: Client, sandbox: Sandbox) -> None:
    scene = Scene(sandbox, make_priced_show())
    made = Order.objects.get(pk=scene.order(2))
    scene.start(made.pk)
    for _ in range(5):
        sandbox.fault("qr.close", "500")

    answer = manager.post(verb(made, "cancel"), WHY | {"reason": "asked_by_buyer"})

    assert answer.status_code == 200
    assert "gateway" in pages.words(answer)
    assert state_of(made.pk) == "awaiting_payment"


# Sending again, and forgetting ----------------------------------------------------------------------------------------


def test_tickets_are_sent_again_and_the_letter_names_who_sent_them(manager: Client) -> None:
    made = sold(make_priced_show())
    Letter.objects.update(sent_at="2026-01-01T00:00:00Z", due_at=None)
    assert "ga***@example.com" in pages.words(manager.get(verb(made, "resend")))

    response = manager.post(verb(made, "resend"), WHY | {"reason": "asked_by_buyer"}, follow=True)

    assert "tickets go out again" in pages.words(response)
    assert Letter.objects.latest("pk").actor == f"user:{User.objects.get().pk}"


def test_an_order_without_an_address_is_told_why_nothing_can_be_sent(manager: Client) -> None:
    made = sold(make_priced_show(), contact="+919000000001")

    answer = manager.post(verb(made, "resend"), WHY | {"reason": "asked_by_buyer"})

    assert "This buyer gave no e-mail address" in pages.words(answer)


def test_a_contact_is_erased_and_its_erasure_kept(manager: Client) -> None:
    made = sold(make_priced_show())

    response = manager.post(verb(made, "erase"), WHY | {"reason": "asked_by_buyer", "note": ""}, follow=True)

    assert "contact and name are erased" in pages.words(response)
    assert not OrderContact.objects.exists()
    assert ContactErasure.objects.get().reason_code == "asked_by_buyer"
    assert "Erase the contact" not in pages.words(response)


# What is offered ------------------------------------------------------------------------------------------------------


def test_an_order_offers_what_fits_its_state_to_whoever_may(manager: Client) -> None:
    show = make_priced_show()
    paid, waiting = sold(show, 1), Order.objects.get(pk=order(show, 1).order_id)

    def offered(made: Order) -> list[str]:
        html = manager.get(pages.of(made)).content.decode()
        return [name for name in ("cancel", "refund", "resend", "erase") if f'href="{verb(made, name)}"' in html]

    assert offered(paid) == ["refund", "resend", "erase"]
    assert offered(waiting) == ["cancel"]


@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("cancel", "ticketing.cancel_order"),
        ("refund", "ticketing.refund_order"),
        ("resend", "ticketing.resend_tickets"),
        ("erase", "ticketing.erase_contact"),
    ],
)
def test_each_has_its_own_permission(may: Callable[..., Client], name: str, permission: str) -> None:
    others = {"cancel_order", "refund_order", "resend_tickets", "erase_contact"} - {permission.split(".")[1]}
    made = sold(make_priced_show(), 1)
    clerk = may("ticketing.view_order", *(f"ticketing.{other}" for other in others))

    assert clerk.get(verb(made, name)).status_code == 403
    assert clerk.post(verb(made, name), WHY | {"tickets": ids(made)}).status_code == 403
    assert f'href="{verb(made, name)}"' not in clerk.get(pages.of(made)).content.decode()
    assert (Refund.objects.count(), OrderContact.objects.count()) == (0, 1)


def test_an_order_that_is_none_is_not_found(manager: Client) -> None:
    for name in ("cancel", "refund", "resend", "erase"):
        assert manager.get(f"/admin/ticketing/order/99999999/{name}/").status_code == 404
        assert manager.get(f"/admin/ticketing/order/nobody/{name}/").status_code == 404
    assert Payment.objects.count() == 0


# Which tickets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["refund", "reseat"])
def test_of_several_tickets_none_is_ticked_to_begin_with(manager: Client, name: str) -> None:
    page = manager.get(verb(sold(make_priced_show(), 2), name))

    assert page.context["form"]["tickets"].value() == []
    assert "All 2 tickets, ₹2,360.00" in pages.words(page)


def test_all_tickets_are_one_box_which_is_refused_once_one_of_them_is_void(manager: Client) -> None:
    made = sold(make_priced_show(), 3)
    box = manager.get(verb(made, "refund")).context["form"].all
    manager.post(verb(made, "refund"), WHY | {"tickets": ids(made)[:1]})

    late = manager.post(verb(made, "refund"), WHY | {"tickets": [box]})
    again = manager.get(verb(made, "refund")).context["form"].all
    manager.post(verb(made, "refund"), WHY | {"tickets": [again]})

    assert "A ticket was void meanwhile." in pages.words(late)
    assert not made.tickets.filter(voided_at=None).exists()
    assert_books_are_true()
