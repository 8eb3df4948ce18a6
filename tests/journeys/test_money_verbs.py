"""Orders, refunds, other seats, the work-list and price parity, each under the login of who does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import Channel, Place, Tier
from tests.houses import rows, seat
from tests.journeys.staff import ASSISTANT, AUDITOR, COUNTER, FINANCE, MANAGER, Staff, picture
from tests.ticketing.admin.selling import CLERK, failed_refund, nobodys_money, paid_twice, sold
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.models import Letter, Ticket
from ticketing.services.pricing import except_price

pytestmark = pytest.mark.django_db(transaction=True)


def test_finance_refunds_one_ticket_of_two(staff: Staff) -> None:
    show = make_priced_show()
    order = sold(show, 2)
    page = staff(FINANCE, f"/admin/ticketing/order/{order.pk}/change/")
    page.get_by_role("link", name="Refund it").click()
    page.get_by_label(f"T-{order.tickets.latest('pk').pk}:").check()
    page.get_by_label("Reason").select_option(label="The buyer asks for it")
    picture(page, "8-refunding")
    page.get_by_role("button", name="Void the tickets and give the money back").click()

    expect(page.get_by_text("₹1,180.00 goes back").first).to_be_visible()
    picture(page, "8-an-order-after-a-refund")
    assert Ticket.objects.filter(voided_at=None).count() == 1
    assert_books_are_true()


def test_an_assistant_gives_other_seats_and_sends_the_tickets_again(staff: Staff) -> None:
    show = make_priced_show(rows("AB", 6))
    order = sold(show, 2)
    page = staff(ASSISTANT, f"/admin/ticketing/order/{order.pk}/change/")
    expect(page.get_by_role("link", name="Refund it")).to_have_count(0)
    page.get_by_role("link", name="Give other seats").click()
    page.get_by_label("All 2 tickets").check()
    page.get_by_label("To these seats").fill("Stalls B 5-6")
    page.get_by_label("Reason").select_option(label="The seat cannot be used")
    picture(page, "8-other-seats")
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_text("moved to Stalls B 5-6").first).to_be_visible()
    assert set(Place.objects.filter(status="sold")) == {seat(show, "B-5"), seat(show, "B-6")}

    Letter.objects.update(sent_at=timezone.now(), due_at=None)
    page.get_by_role("link", name="Send the tickets again").click()
    page.get_by_label("Reason").select_option(label="The buyer asks for it")
    page.get_by_role("button", name="Send them again").click()
    expect(page.get_by_text("tickets go out again").first).to_be_visible()
    picture(page, "8-an-order-with-other-seats")
    assert_books_are_true()


def test_the_counter_prints_tickets_and_sees_no_money_verb(staff: Staff) -> None:
    order = sold(make_priced_show(), 1)
    page = staff(COUNTER, f"/admin/ticketing/order/{order.pk}/change/")

    expect(page.get_by_role("link", name="Send the tickets again")).to_be_visible()
    for verb in ("Refund it", "Give other seats", "Cancel it", "Erase the contact"):
        expect(page.get_by_role("link", name=verb)).to_have_count(0)
    picture(page, "8-an-order-at-the-counter")
    page.get_by_role("link", name="Print the tickets").click()
    picture(page, "8-printing-tickets")
    with page.expect_popup():  # the tickets come beside the page, which stays for the next buyer
        page.get_by_role("button", name="Print").click()
    expect(page.get_by_role("heading", name="Print the tickets").first).to_be_visible()
    assert LogEntry.objects.get().change_message == "Tickets printed: handed over at the counter"


def test_finance_works_through_what_needs_a_person_the_oldest_first(staff: Staff) -> None:
    show = make_priced_show()
    nobodys_money()
    failed_refund(paid_twice(show))
    page = staff(FINANCE, "/admin/ticketing/payment/work-list/")

    expect(page.get_by_text("A refund failed")).to_be_visible()
    picture(page, "8-the-work-list")
    page.get_by_role("link", name="Try again").first.click()
    picture(page, "8-trying-a-refund-again")


def test_the_auditor_reads_what_other_prices_cost(staff: Staff) -> None:
    show = make_priced_show()
    boss = User.objects.create_user("boss")
    except_price(
        tier_id=Tier.objects.get(show=show).pk,
        channel_id=Channel.objects.get(code="counter").pk,
        paise=100_000,
        reason_code="students",
        note="Students of the city's colleges, with their card",
        approver_id=boss.pk,
        ends_at=timezone.now() + timedelta(days=2),
        by=CLERK,
    )
    page = staff(AUDITOR, "/admin/ticketing/priceexception/parity/")

    expect(page.get_by_text("Approved by boss")).to_be_visible()
    picture(page, "10-price-parity")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "students" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_manager_logs_in_by_both_steps(staff: Staff, visit: Staff) -> None:
    from django.contrib.auth.models import Group

    from ticketing.sandbox.staff_codes import code_at

    user = User.objects.create_user("asha", password="a long one for tests", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    page = visit("/admin/")
    page.get_by_label("Username").fill("asha")
    page.get_by_label("Password").fill("a long one for tests")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Set up your phone").first).to_be_visible()
    picture(page, "0-a-first-login-sets-up-a-phone")
    key = (page.locator("code.login-key").inner_text()).replace(" ", "")
    page.get_by_label("Code").fill(code_at(key, timezone.now().timestamp()))
    page.get_by_role("button", name="Use this phone").click()
    expect(page.get_by_text("Your recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have them: go on").click()
    expect(page.get_by_text("asha").first).to_be_visible()
