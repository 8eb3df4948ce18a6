"""Locks over HTTP: who makes one owns it, and everybody else does not know it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from inventory.models import Channel, Claim, Movement
from inventory.queries import moves
from inventory.services.keys import make_key
from inventory.services.locks import begin_payment, commit_lock
from tests.houses import MANAGER, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_locks_seats_and_is_told_all_about_it(visitor: Shop) -> None:
    show = make_show(rows("A", 6), lock_for_s=300, lock_cap_s=900)
    a1, a2 = seat(show, "A-1"), seat(show, "A-2")

    answer = visitor.lock(show, a2, a1)

    lock = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/locks/{lock.pop('id')}"
    times = {name: parse_datetime(lock.pop(name)) for name in ("locked_at", "expires_at", "hard_until", "now")}
    assert lock == {
        "show": "hamlet",
        "channel": "web",
        "phase": "browsing",
        "places": [
            {"id": a1.pk, "section": "stalls", "row": "A", "number": "1", "tier": "gold"},
            {"id": a2.pk, "section": "stalls", "row": "A", "number": "2", "tier": "gold"},
        ],
        "seconds_left": 300,
        "groups": [[a1.pk, a2.pk]],
        "is_split": False,
        "strands": [],
    }
    at = times["locked_at"]
    assert at
    assert times == {"locked_at": at, "now": at, "expires_at": at + seconds(300), "hard_until": at + seconds(900)}
    assert statuses(show) == {"locked": 2, "open": 4}


def test_the_ledger_keeps_digests_of_a_visitor_and_no_secret(visitor: Shop) -> None:
    show = make_show(standing(3))

    visitor.lock(show, best={"quantity": 1, "tiers": ["general"]}, contact="asha@example.org")

    buyer = visitor.client.cookies["hf_buyer"].value
    claim, movement = Claim.objects.get(), Movement.objects.latest("id")
    assert (len(claim.session), len(claim.address), len(claim.contact)) == (32, 32, 32)
    assert movement.actor == f"session:{claim.session[:8]}"
    assert buyer not in f"{claim.session}{movement.actor}"


def test_the_cookie_of_a_visitor_comes_with_the_first_write_only(visitor: Shop) -> None:
    show = make_show(standing(3))

    first = visitor.lock(show, best={"quantity": 1, "tiers": ["general"]})
    second = visitor.lock(show, best={"quantity": 1, "tiers": ["general"]})
    seen = visitor.get(f"locks/{first.json()['id']}")

    cookie = first.cookies["hf_buyer"]
    assert (cookie["httponly"], cookie["samesite"], len(cookie.value)) == (True, "Lax", 32)
    assert (second.cookies, seen.cookies) == ({}, {})


def test_its_maker_sees_a_lock_as_it_stands(visitor: Shop) -> None:
    show = make_show(standing(3))
    made = visitor.lock(show, best={"quantity": 2, "tiers": ["general"]}).json()

    seen = visitor.get(f"locks/{made['id']}")

    lock = seen.json()
    assert seen.status_code == 200
    assert seen.headers["Cache-Control"] == "no-store"
    assert 470 < lock.pop("seconds_left") <= 480
    assert lock.pop("now") > made["now"]
    assert lock == {name: made[name] for name in lock}


def test_a_lock_is_extended_up_to_its_cap_and_no_further(visitor: Shop) -> None:
    show = make_show(standing(3), lock_for_s=60, lock_cap_s=120)
    path = f"locks/{visitor.lock(show, best={'quantity': 1, 'tiers': ['general']}).json()['id']}/extension"

    longer = visitor.post(path, {"lock_for_s": 600})
    again = visitor.post(path, {})

    lock = longer.json()
    assert (longer.status_code, lock["expires_at"]) == (200, lock["hard_until"])
    assert said(again) == (409, "lock_at_its_cap")


def test_places_are_given_back_once_and_twice_is_no_error(visitor: Shop) -> None:
    show = make_show(standing(3))
    path = f"locks/{visitor.lock(show, best={'quantity': 2, 'tiers': ['general']}).json()['id']}"

    first, second = visitor.delete(path), visitor.delete(path)

    assert (first.status_code, first.content, second.status_code) == (204, b"", 204)
    assert statuses(show) == {"open": 3}
    assert said(visitor.get(path)) == (410, "lock_expired")


def test_a_lock_that_ran_out_says_so_before_any_sweep(visitor: Shop) -> None:
    show = make_show(standing(1))
    lock_id = visitor.lock(show, best={"quantity": 1, "tiers": ["general"]}).json()["id"]
    past = moves.database_now() - seconds(1)
    Claim.objects.update(expires_at=past)

    assert said(visitor.get(f"locks/{lock_id}")) == (410, "lock_expired")
    assert said(visitor.post(f"locks/{lock_id}/extension")) == (410, "lock_expired")


def test_a_paying_lock_keeps_its_places_and_a_sold_one_says_so(visitor: Shop) -> None:
    show = make_show(standing(1))
    path = f"locks/{visitor.lock(show, best={'quantity': 1, 'tiers': ['general']}).json()['id']}"
    claim = Claim.objects.get()

    begin_payment(claim_id=claim.pk, by=MANAGER)
    paying = visitor.get(path).json()
    refused = [said(visitor.delete(path)), said(visitor.post(f"{path}/extension"))]
    commit_lock(claim_id=claim.pk, by=MANAGER)
    sold = [said(visitor.get(path)), said(visitor.delete(path)), said(visitor.post(f"{path}/extension"))]

    assert paying["phase"] == "paying"
    assert 1790 < paying["seconds_left"] <= 1800
    assert refused == [(409, "lock_is_paying")] * 2
    assert sold == [(409, "lock_committed")] * 3
    assert visitor.get(path).json()["facts"] == {}
    assert statuses(show) == {"sold": 1}


@pytest.mark.parametrize("maker", ["visitor", "partner", "cashier"])
def test_somebody_elses_lock_is_unknown_to_everybody_else(
    maker: str, visitor: Shop, partner: Shop, cashier: Shop, request: pytest.FixtureRequest
) -> None:
    show = make_show(standing(3))
    owner: Shop = request.getfixturevalue(maker)
    path = f"locks/{owner.lock(show, best={'quantity': 1, 'tiers': ['general']}).json()['id']}"
    agency = Channel.objects.get(code="agency")
    others = [
        *(shop for shop in (visitor, partner, cashier) if shop is not owner),
        Shop(),
        Shop(bearer=make_key(channel_id=agency.pk, name="another of theirs")[1]),
        Shop.logged_in("ravi", "use_counter"),
    ]

    for other in others:
        refused = [said(other.get(path)), said(other.delete(path)), said(other.post(f"{path}/extension"))]
        assert refused == [(404, "lock_unknown")] * 3
    assert owner.get(path).status_code == 200
    assert statuses(show) == {"locked": 1, "open": 2}
    assert Claim.objects.get().ended_at is None


def test_a_lock_needs_few_statements(visitor: Shop, django_assert_num_queries: Any) -> None:
    show = make_show(rows("A", 6))
    places = [seat(show, f"A-{n}") for n in range(1, 5)]
    visitor.lock(show, places[0])

    for wanted in (places[1:2], places[1:4]):
        with django_assert_num_queries(1):  # the show is remembered; the places come with the lock
            lock_id = visitor.lock(show, *wanted).json()["id"]
        with django_assert_num_queries(1):
            visitor.get(f"locks/{lock_id}")
        visitor.delete(f"locks/{lock_id}")
