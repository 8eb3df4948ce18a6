"""Whatever is sent: a refusal with its code, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import KeptAnswer
from inventory.acts import By
from inventory.models import Show
from inventory.services.freezes import freeze
from tests.houses import make_show, rows, seat, standing, statuses
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
INVALID = (400, "input_invalid")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 8))


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, ""),
        ({"places": [1], "best": {"quantity": 1}}, ""),
        ({"places": []}, "places"),
        ({"places": "1"}, "places"),
        ({"places": {"0": 1}}, "places"),
        ({"places": [0]}, "places.0"),
        ({"places": [1, -1]}, "places.1"),
        ({"places": [2**63]}, "places.0"),
        ({"places": ["1"]}, "places.0"),
        ({"places": [1.0]}, "places.0"),
        ({"places": [True]}, "places.0"),
        ({"places": [None]}, "places.0"),
        ({"places": [[1]]}, "places.0"),
        ({"places": list(range(1, 1002))}, "places"),
        ({"places": [1], "accessible": "yes"}, "accessible"),
        ({"places": [1], "accessible": 1}, "accessible"),
        ({"best": {"quantity": 1}, "accessible": True}, "accessible"),
        ({"best": 2}, "best"),
        ({"best": {}}, "best.quantity"),
        ({"best": {"quantity": 0}}, "best.quantity"),
        ({"best": {"quantity": -1}}, "best.quantity"),
        ({"best": {"quantity": 10_000}}, "best.quantity"),
        ({"best": {"quantity": "2"}}, "best.quantity"),
        ({"best": {"quantity": 2, "tiers": "gold"}}, "best.tiers"),
        ({"best": {"quantity": 2, "tiers": ["a\x00b"]}}, "best.tiers.0"),
        ({"best": {"quantity": 2, "tiers": ["g" * 61]}}, "best.tiers.0"),
        ({"best": {"quantity": 2, "tiers": [7]}}, "best.tiers.0"),
        ({"best": {"quantity": 2, "tiers": ["gold"] * 51}}, "best.tiers"),
        ({"best": {"quantity": 2, "section": "a b"}}, "best.section"),
        ({"best": {"quantity": 2, "section": None}}, "best.section"),
        ({"best": {"quantity": 2, "together": 1}}, "best.together"),
        ({"best": {"quantity": 2, "accessible": -1}}, "best.accessible"),
        ({"best": {"quantity": 2, "price_paise": 1}}, "best.price_paise"),
        ({"places": [1], "lock_for_s": 0}, "lock_for_s"),
        ({"places": [1], "lock_for_s": 1801}, "lock_for_s"),
        ({"places": [1], "contact": "c" * 121}, "contact"),
        ({"places": [1], "contact": "a\x00b"}, "contact"),
        ({"places": [1], "contact": 7}, "contact"),
        ({"places": [1], "channel": "counter"}, "channel"),
        ([], ""),
        ("places", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_where_it_makes_none(
    body: Any, where: str, show: Show, visitor: Shop
) -> None:
    answer = visitor.post(f"shows/{show.slug}/locks", body)

    assert said(answer) == INVALID
    assert list(answer.json()["facts"]["fields"]) == [where]
    assert (statuses(show), KeptAnswer.objects.count()) == ({"open": 8}, 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"places": [1],}',
        b'{"places": [NaN]}',
        b'{"places": [1], "places": [2]}',
        b'{"contact": "\\ud800", "places": [1]}',
        b'\xff{"places": [1]}',
        b"[" * 30_000,
        b'{"places": [%s]}' % (b"9" * 5000),
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_what_is_not_json_is_refused(raw: bytes, show: Show, visitor: Shop) -> None:
    assert said(visitor.post(f"shows/{show.slug}/locks", raw=raw)) == INVALID
    assert statuses(show) == {"open": 8}


def test_a_body_that_is_too_large_is_refused(show: Show, visitor: Shop) -> None:
    answer = visitor.post(f"shows/{show.slug}/locks", raw=b'{"contact": "%s"}' % (b"x" * 70_000))

    assert said(answer) == (413, "body_too_large")
    assert answer.json()["facts"] == {"most_bytes": 65_536}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""],
)
def test_only_json_is_taken(content_type: str, show: Show, visitor: Shop) -> None:
    raw = b'{"places": [1]}'

    answer = visitor.post(f"shows/{show.slug}/locks", raw=raw, content_type=content_type)

    assert said(answer) == (415, "media_type_unsupported")


def test_only_json_is_given(show: Show, visitor: Shop) -> None:
    assert said(visitor.get("shows", accept="text/html")) == (406, "not_acceptable")
    assert visitor.get("shows", accept="text/html,*/*;q=0.8").status_code == 200
    assert visitor.get("shows?format=xml").status_code == 200


@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        ({"places": [999_999_999]}, (404, "places_unknown")),
        ({"places": [2**63 - 1]}, (404, "places_unknown")),
        ({"best": {"quantity": 9}}, (409, "not_enough_places")),
        ({"best": {"quantity": 1, "tiers": ["platinum"]}}, (404, "tier_unknown")),
        ({"best": {"quantity": 1, "section": "moon"}}, (404, "tier_unknown")),
        ({"best": {"quantity": 1, "accessible": 2}}, (400, "quantity_invalid")),
    ],
)
def test_what_the_house_does_not_have_is_refused(
    ask: dict[str, Any], refused: tuple[int, str], show: Show, partner: Shop
) -> None:
    assert said(partner.lock(show, **ask)) == refused
    assert statuses(show) == {"open": 8}


def test_one_seat_twice_is_refused(show: Show, visitor: Shop) -> None:
    a1 = seat(show, "A-1")

    assert said(visitor.lock(show, a1, a1)) == (400, "quantity_invalid")


def test_a_seat_of_another_show_is_unknown_here(show: Show, visitor: Shop) -> None:
    elsewhere = seat(make_show(rows("Z", 2), slug="lear"), "Z-1")

    answer = visitor.lock(show, elsewhere)

    assert said(answer) == (404, "places_unknown")
    assert answer.json()["facts"] == {"place_ids": [elsewhere.pk]}


def test_taken_seats_are_named_and_nothing_of_the_ledger_is(show: Show, visitor: Shop, partner: Shop) -> None:
    a1, a2 = seat(show, "A-1"), seat(show, "A-2")
    partner.lock(show, a1)

    answer = visitor.lock(show, a1, a2)

    assert said(answer) == (409, "places_taken")
    assert answer.json()["facts"] == {"place_ids": [a1.pk]}


def test_a_frozen_tier_sells_nothing_and_says_no_more_than_that(show: Show, visitor: Shop) -> None:
    freeze(show_id=show.pk, tier_id=show.tiers.get().pk, by=By("user:1", reason_code="recount"))

    for answer in (visitor.lock(show, best={"quantity": 1}), visitor.lock(show, seat(show, "A-1"))):
        assert (said(answer), answer.json()["facts"]) == ((409, "frozen"), {})
    assert visitor.get("shows/hamlet/availability").json()["total"]["state"] == "paused"
    assert statuses(show) == {"open": 8}


def test_seats_that_strand_another_are_a_warning_or_a_refusal(visitor: Shop) -> None:
    """As the show has it: A-1 is left single, though another choice of as many would leave none."""
    warns = make_show(rows("A", 8), slug="warns")
    refuses = make_show(rows("A", 8), slug="refuses", orphan_rule=Show.OrphanRule.REFUSE)
    chosen = [[seat(show, "A-2"), seat(show, "A-3")] for show in (warns, refuses)]

    warned, refused = (visitor.lock(show, *seats) for show, seats in zip((warns, refuses), chosen, strict=True))

    assert (warned.status_code, warned.json()["strands"]) == (201, [seat(warns, "A-1").pk])
    assert said(refused) == (409, "places_stranded")


def test_a_party_that_had_to_be_split_is_told_so_and_who_insists_is_refused(visitor: Shop) -> None:
    show = make_show(rows("AB", 3))

    insisting = visitor.lock(show, best={"quantity": 5, "together": True})
    split = visitor.lock(show, best={"quantity": 5}).json()

    assert said(insisting) == (409, "not_together")
    assert (split["is_split"], sorted(len(group) for group in split["groups"])) == (True, [2, 3])
    assert sorted(place_id for group in split["groups"] for place_id in group) == sorted(
        place["id"] for place in split["places"]
    )


@pytest.mark.parametrize("state", ["paused", "closed", "cancelled"])
def test_a_show_that_does_not_sell_refuses(state: str, visitor: Shop) -> None:
    show = make_show(standing(3), state=state)

    answer = visitor.lock(show, best={"quantity": 1})

    assert (said(answer), answer.json()["facts"]) == ((409, "show_not_on_sale"), {"state": state})


def test_a_draft_is_no_show_to_a_visitor_and_not_on_sale_to_a_cashier(visitor: Shop, cashier: Shop) -> None:
    show = make_show(standing(3), state="draft")

    assert said(visitor.lock(show, best={"quantity": 1})) == (404, "show_unknown")
    assert said(cashier.lock(show, best={"quantity": 1})) == (409, "show_not_on_sale")


@pytest.mark.parametrize("slug", ["nowhere", "h" * 300, "12", "-"])
def test_a_show_that_is_none_is_unknown(slug: str, visitor: Shop) -> None:
    assert said(visitor.lock(slug, best={"quantity": 1})) == (404, "show_unknown")


@pytest.mark.parametrize("lock_id", ["1", "a" * 26, "A" * 26, "0" * 26, "é" * 26, "a" * 3000, "%00", "9" * 40])
def test_a_lock_that_is_none_is_unknown(lock_id: str, visitor: Shop) -> None:
    path = f"locks/{lock_id}"

    refused = [visitor.get(path), visitor.delete(path), visitor.post(f"{path}/extension", {})]

    assert [said(answer) for answer in refused] == [(404, "lock_unknown")] * 3


@pytest.mark.parametrize(
    "body",
    [{"lock_for_s": 0}, {"lock_for_s": 1801}, {"lock_for_s": "60"}, {"for": 60}, [], {"lock_for_s": None}],
)
def test_an_extension_that_makes_no_sense_is_refused(body: Any, show: Show, visitor: Shop) -> None:
    lock_id = visitor.lock(show, seat(show, "A-1")).json()["id"]

    assert said(visitor.post(f"locks/{lock_id}/extension", body)) == INVALID


@pytest.mark.parametrize("path", ["", "nothing", "shows/", "shows/a/b", "locks", "shows/a%00b", "shows/../admin", "é"])
def test_an_address_that_is_none_says_so(path: str, visitor: Shop) -> None:
    answer = visitor.get(path)

    assert (said(answer), answer.headers["Content-Type"]) == ((404, "not_found"), "application/json")
    assert said(visitor.post(path, {})) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "shows", "GET, HEAD"),
        ("OPTIONS", "shows", "GET, HEAD"),
        ("PATCH", "locks/x", "GET, DELETE, HEAD"),
        ("GET", "shows/hamlet/locks", "POST"),
        ("TRACE", "locks/x/extension", "POST"),
        ("DELETE", "shows/hamlet", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_has_not_is_refused(
    method: str, path: str, allowed: str, show: Show, visitor: Shop
) -> None:
    answer = visitor.client.generic(method, f"/api/v1/{path}")

    assert (said(answer), answer.headers["Allow"]) == ((405, "method_not_allowed"), allowed)
