"""The admin's one search box: what it finds, for whom, how fresh, and with how much work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.acts import Seats
from inventory.models import Show
from inventory.services.holds import place_hold
from inventory.services.locking import lock_places
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import BUYER, make_priced_show
from ticketing.models import Ticket

Found = list[tuple[str, str]]


def find(client: Client, term: str, *, overlay: bool = False) -> Found:
    """The title and the address of every line that is found."""
    response = client.get(reverse("admin:search"), {"s": term} | ({"extended": "1"} if overlay else {}))
    assert response.status_code == 200
    lines = response.context["results" if overlay else "found"]
    return [(line.title, line.link) for line in lines]


def titles(client: Client, term: str) -> list[str]:
    return [title for title, _ in find(client, term)]


def why(show: Show, label: str) -> str:
    return f"{reverse('admin:inventory_show_why', args=[show.pk])}?id={seat(show, label).pk}"


@pytest.mark.parametrize("term", ["why A2", "A 2", "a-2", "Stalls A 2", "WHY? stalls a2", "row A seat 2"])
def test_a_place_of_a_coming_show_is_found_as_staff_say_it_and_leads_to_why(manager: Client, term: str) -> None:
    show = make_show(rows("AB", 3))

    assert find(manager, term) == find(manager, term, overlay=True) == [("Stalls A-2, open", why(show, "A-2"))]


def test_places_of_all_coming_shows_are_offered_the_next_show_first(manager: Client) -> None:
    later = make_show(rows("A", 3), slug="lear", starts_at=timezone.now() + timedelta(days=9))
    sooner = make_show(rows("A", 3), starts_at=timezone.now() + timedelta(days=2))
    make_show(rows("A", 3), slug="over", starts_at=timezone.now() - timedelta(days=2))

    assert [link for _, link in find(manager, "A 2")] == [why(sooner, "A-2"), why(later, "A-2")]


def test_a_state_is_of_this_second_and_not_of_the_last_search(manager: Client) -> None:
    show = make_show(rows("A", 6))
    wanted = Seats([seat(show, "A-2").pk])
    assert titles(manager, "A2") == ["Stalls A-2, open"]

    place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="The Ferry", by=MANAGER)

    assert titles(manager, "A2") == ["Stalls A-2, held"]


def test_what_ran_out_is_open(manager: Client, web: Any) -> None:
    show = make_show(rows("A", 6))
    for label, ago in (("A-2", 3600), ("A-5", 0)):
        now = timezone.now() - timedelta(seconds=ago)
        wanted = Seats([seat(show, label).pk])
        lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=BUYER, now=now)

    assert titles(manager, "A2") == ["Stalls A-2, open"]
    assert titles(manager, "A5") == ["Stalls A-5, locked"]


def test_why_alone_offers_the_coming_shows(manager: Client) -> None:
    show = make_show(rows("A", 2))

    assert ("Why can't I sell this? Hamlet", reverse("admin:inventory_show_why", args=[show.pk])) in (
        find(manager, "why")
    )


def test_an_admission_is_found_by_its_number(manager: Client) -> None:
    make_show(standing(5))

    assert titles(manager, "#3") == titles(manager, "floor 3") == titles(manager, "3") == ["Floor #3, open"]


def test_orders_tickets_claims_and_shows_lead_to_their_pages(manager: Client) -> None:
    show = make_priced_show()
    order = sold(show, 1)
    ticket = Ticket.objects.get()
    assert order.sale

    assert (
        find(manager, f"HF-{order.pk}") == find(manager, f"order {order.pk}") == [(f"HF-{order.pk}", pages.of(order))]
    )
    assert find(manager, f"t-{ticket.pk}")[0] == (f"T-{ticket.pk}", pages.of(ticket))
    assert find(manager, f"sale {order.sale.pk}") == [(f"Sale {order.sale.pk}", pages.of(order.sale))]
    assert find(manager, "haml") == [("Hamlet", pages.of(show))]


def test_no_buyers_contact_is_in_what_is_found(manager: Client) -> None:
    order = sold(make_priced_show(), 1, contact="gauri@example.com")

    response = manager.get(reverse("admin:search"), {"s": f"HF-{order.pk}"})

    assert "gauri" not in response.content.decode()


def test_pages_of_the_menu_are_found(manager: Client) -> None:
    assert ("Freeze rules", reverse("admin:inventory_freezerule_changelist")) in find(manager, "freeze")


def test_nothing_found_says_what_can_be_looked_for(manager: Client) -> None:
    response = manager.get(reverse("admin:search"), {"s": "<b>Z 99"})

    assert "Nothing is called “<b>Z 99” of what you may see." in pages.words(response).replace("&lt;", "<")
    assert "<b>Z 99" not in response.content.decode()
    for odd in ("", " ", "\0", "hf-" + "9" * 30, "x" * 500, "%", "#", "-"):
        assert manager.get(reverse("admin:search"), {"s": odd}).status_code == 200


@pytest.mark.parametrize(
    ("permission", "sees"),
    [
        ("inventory.view_place", {"place"}),
        ("inventory.view_claim", {"claim"}),
        ("inventory.view_show", {"show"}),
        ("ticketing.view_order", {"order"}),
        ("ticketing.view_ticket", {"ticket"}),
        ("inventory.view_venue", set()),
    ],
)
def test_each_is_found_only_by_who_may_view_it(may: Callable[..., Client], permission: str, sees: set[str]) -> None:
    order = sold(make_priced_show(), 1)
    assert order.sale
    clerk = may(permission)
    terms = {
        "place": "A 7",
        "claim": f"sale {order.sale.pk}",
        "show": "hamlet",
        "order": f"HF-{order.pk}",
        "ticket": f"ticket {Ticket.objects.get().pk}",
    }

    assert {what for what, term in terms.items() if find(clerk, term)} == sees


def test_who_is_not_of_the_staff_is_sent_to_log_in(client: Client, transactional_db: None) -> None:
    client.force_login(User.objects.create_user("buyer"))

    assert client.get(reverse("admin:search"), {"s": "A 2"}).status_code == 302


def test_the_box_is_a_form_in_the_menu(manager: Client) -> None:
    html = manager.get(reverse("admin:index")).content.decode()

    assert f'<form role="search" action="{reverse("admin:search")}"' in html


def test_three_shows_take_as_many_statements_as_one_and_results_are_bounded(
    manager: Client, django_assert_num_queries: Any
) -> None:
    make_show(rows("A", 3))
    find(manager, "why A 2")
    with CaptureQueriesContext(connection) as for_one:
        find(manager, "why A 2")
    for nth in range(20):
        make_show(rows("A", 2), slug=f"lear-{nth}")

    with django_assert_num_queries(len(for_one)):
        assert len(find(manager, "why A 2")) == 12
    assert len(for_one) <= 10
    assert len(find(manager, "lear")) == 5


def test_no_search_reads_the_places_the_claims_or_the_orders_whole(manager: Client) -> None:
    order = sold(make_priced_show(), 1)
    terms = ("why Stalls A 2", "#3", f"HF-{order.pk}", f"T-{order.pk}", "hold 3")
    with CaptureQueriesContext(connection) as asked:
        for term in terms:
            find(manager, term, overlay=True)

    plans = []
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        for query in asked:
            if query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
        cursor.execute("RESET enable_seqscan")

    for table in ("inventory_place", "inventory_claim", "ticketing_order", "ticketing_ticket"):
        assert any(table in plan for plan in plans)
        assert not [plan for plan in plans if f"Seq Scan on {table}" in plan]
