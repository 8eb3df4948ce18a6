"""Which shows there are, and what a proxy may keep of that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inventory.models import Show
from tests.houses import make_show, rows, standing
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
OF_A_SHOW = ["", "/availability", "/seats", "/seat-states", "/explanation"]
ALL = ["shows", *(f"shows/hamlet{of_it}" for of_it in OF_A_SHOW)]


def test_shows_are_listed_the_next_one_first(visitor: Shop, django_assert_num_queries: Any) -> None:
    later = make_show(standing(1), slug="lear", starts_at=timezone.now() + timedelta(days=9), state="paused")
    soon = make_show(rows("A", 2), starts_at=timezone.now() + timedelta(days=1), lock_for_s=300)
    make_show(slug="draft", state="draft")
    make_show(slug="long-ago", starts_at=timezone.now() - timedelta(days=2))

    with django_assert_num_queries(1):
        answer = visitor.get("shows")

    shows = answer.json()["shows"]
    assert [show["slug"] for show in shows] == [soon.slug, later.slug]
    assert shows[0] == {
        "slug": "hamlet",
        "title": "Hamlet",
        "venue": {"slug": "playhouse", "name": "Playhouse", "city": "Pune"},
        "starts_at": soon.starts_at.isoformat().replace("+00:00", "Z"),
        "state": "on_sale",
        "manifest_version": 1,
        "lock_for_s": 300,
        "most_places": 10,
    }


def test_one_show_comes_with_its_sections_and_tiers(visitor: Shop) -> None:
    make_show(rows("A", 2))

    answer = visitor.get("shows/hamlet")

    show = answer.json()
    assert answer.status_code == 200
    assert show["sections"] == [{"code": "stalls", "name": "Stalls", "is_ga": False}]
    assert show["tiers"] == [{"code": "gold", "name": "Gold", "colour": ""}]


@pytest.mark.parametrize("of_it", OF_A_SHOW)
def test_a_draft_is_unknown_to_the_public_and_there_for_staff(of_it: str, visitor: Shop, cashier: Shop) -> None:
    make_show(rows("A", 2), state=Show.State.DRAFT)

    assert said(visitor.get(f"shows/hamlet{of_it}")) == (404, "show_unknown")
    answer = cashier.get(f"shows/hamlet{of_it}?view=staff")
    if answer.status_code == 302:
        answer = cashier.client.get(answer.headers["Location"])
    assert answer.status_code == 200
    assert visitor.get(f"shows/nowhere{of_it}").json()["code"] == "show_unknown"


@pytest.mark.parametrize("path", ALL)
def test_what_the_public_reads_can_be_kept_by_a_proxy(path: str, django_assert_max_num_queries: Any) -> None:
    """Whatever cookies come with it: no session is looked at, no cookie is set, and nothing else is said to a login."""
    make_show(rows("A", 2))
    logged_in = Shop.logged_in("asha", "use_counter")
    logged_in.client.cookies["hf_buyer"] = "b" * 32

    with django_assert_max_num_queries(3) as queries:
        answer = logged_in.get(path)

    assert not [query for query in queries.captured_queries if "django_session" in query["sql"]]
    assert answer.headers["Vary"] == "Authorization"
    assert answer.headers["Cache-Control"] in ("max-age=1", "max-age=5")
    assert answer.cookies == {}
    if answer.status_code == 200:
        assert _but_version(answer.json()) == _but_version(Shop().get(path).json())


def _but_version(content: dict[str, Any]) -> dict[str, Any]:
    """A version of seats' states also names the moment of the read."""
    return {name: said for name, said in content.items() if name != "version"}


@pytest.mark.parametrize("path", [*ALL, "shows/hamlet/seats?v=1"])
def test_the_staffs_view_is_for_staff_and_kept_by_nobody(path: str, visitor: Shop, cashier: Shop) -> None:
    make_show(rows("A", 2))
    manager = Shop.logged_in("meera", "view_place")
    finance = Shop.logged_in("vik")
    customer = Shop.logged_in("customer", "use_counter", is_staff=False)

    path += "&view=staff" if "?" in path else "?view=staff"

    for shop in (cashier, manager):
        answer = shop.get(path)
        assert answer.status_code in (200, 302)
        assert answer.headers["Cache-Control"] == "private, no-store"
    refused = [said(shop.get(path)) for shop in (visitor, customer, finance)]
    assert refused == [(401, "login_needed"), (401, "login_needed"), (403, "staff_only")]


@pytest.mark.parametrize("path", ALL)
def test_a_key_reads_the_publics_view_of_its_channel(path: str, partner: Shop) -> None:
    make_show(rows("A", 2))

    answer = partner.get(f"{path}?view=staff")

    assert answer.status_code in (200, 302)
    assert "public" not in answer.headers["Cache-Control"]
    if answer.status_code == 200 and "channel" in answer.json():
        assert answer.json()["channel"] == "agency"
    assert "capacity" not in answer.content.decode()
