"""Why can't I buy this? Few words for a buyer, all of them for staff."""

from __future__ import annotations

import pytest

from inventory.acts import Seats
from inventory.models import FreezeRule, Show
from inventory.services.holds import place_hold
from tests.houses import MANAGER, make_show, rows, seat
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "shows/hamlet/explanation"


@pytest.fixture
def show(transactional_db: None) -> Show:
    show = make_show(rows("A", 4))
    held = Seats([seat(show, "A-1").pk])
    place_hold(show_id=show.pk, wanted=held, purpose="sponsor", party="Chai Co", by=MANAGER)
    return show


def test_a_buyer_is_told_that_it_is_not_to_be_had_and_not_who_has_it(show: Show, visitor: Shop) -> None:
    answer = visitor.get(f"{PATH}?place={seat(show, 'A-1').pk}")

    assert answer.json() == {
        "channel": "web",
        "is_sellable": False,
        "reasons": [{"code": "not_available", "words": "Not available.", "until": None}],
    }


def test_staff_are_told_whose_it_is_and_who_may_break_it(show: Show, cashier: Shop) -> None:
    answer = cashier.get(f"{PATH}?place={seat(show, 'A-1').pk}&view=staff").json()

    (reason,) = answer["reasons"]
    assert (answer["channel"], reason["code"], reason["owner"]) == ("counter", "held", "Chai Co")
    assert reason["remedy"] == "Any manager may break the hold."


def test_a_seat_in_a_basket_says_until_when(show: Show, visitor: Shop, partner: Shop) -> None:
    lock = partner.lock(show, seat(show, "A-3"), seat(show, "A-4")).json()

    (reason,) = visitor.get(f"{PATH}?place={seat(show, 'A-3').pk}").json()["reasons"]

    assert (reason["code"], reason["until"]) == ("in_a_basket", lock["expires_at"])


def test_what_can_be_bought_has_no_reasons(show: Show, visitor: Shop) -> None:
    answer = visitor.get(f"{PATH}?place={seat(show, 'A-3').pk}").json()

    assert answer == {"channel": "web", "is_sellable": True, "reasons": []}


def test_a_tier_and_the_whole_show_are_explained_too(show: Show, visitor: Shop, cashier: Shop) -> None:
    of_tier = cashier.get(f"{PATH}?tier=gold&view=staff").json()
    of_show = cashier.get(f"{PATH}?view=staff").json()

    assert [reason["code"] for reason in of_tier["reasons"]] == ["held"]
    assert of_show["reasons"] == of_tier["reasons"]
    assert [reason["code"] for reason in visitor.get(PATH).json()["reasons"]] == ["not_available"]


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ("place=999999", (404, "places_unknown")),
        ("tier=platinum", (404, "tier_unknown")),
        ("place=0", (400, "input_invalid")),
        (f"place={2**63}", (400, "input_invalid")),
        ("place=one", (400, "input_invalid")),
        ("tier=a%00b", (400, "input_invalid")),
        ("place=1&tier=gold", (400, "input_invalid")),
    ],
)
def test_what_is_not_there_is_refused(asked: str, refused: tuple[int, str], show: Show, visitor: Shop) -> None:
    assert said(visitor.get(f"{PATH}?{asked}")) == refused


def test_a_place_of_another_show_is_unknown_here(show: Show, visitor: Shop) -> None:
    other = make_show(rows("Z", 1), slug="lear")

    assert said(visitor.get(f"{PATH}?place={seat(other, 'Z-1').pk}")) == (404, "places_unknown")


def test_staff_are_told_what_a_rule_keeps_back_of_a_tier(show: Show, cashier: Shop) -> None:
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=2)

    answer = cashier.get(f"{PATH}?tier=gold&view=staff").json()

    kept = next(reason for reason in answer["reasons"] if reason["code"] == "kept_back_by_rule")
    assert kept["words"] == "2 places are kept back by the freeze rule: Every channel stops at 2 of Gold."
    assert (answer["is_sellable"], kept["facts"]["places"]) == (True, 2)


def test_a_tier_with_something_left_can_be_bought_whatever_stands_before_the_rest(
    show: Show, visitor: Shop, partner: Shop
) -> None:
    for asked in ("?tier=gold", ""):
        some_left = visitor.get(f"{PATH}{asked}").json()

        assert (some_left["is_sellable"], [reason["code"] for reason in some_left["reasons"]]) == (
            True,
            ["not_available"],
        )
    partner.lock(show, *(seat(show, f"A-{number}") for number in (2, 3, 4)))

    for asked in ("?tier=gold", ""):
        assert visitor.get(f"{PATH}{asked}").json()["is_sellable"] is False
