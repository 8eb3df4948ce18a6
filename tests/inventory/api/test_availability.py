"""What is left: a word and a number for the public, everything for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inventory.acts import Admissions, Best, By
from inventory.models import Allocation, AllocationChannel, Channel, Show
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import begin_payment, commit_lock
from tests.houses import MANAGER, make_show, standing
from tests.inventory.api.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def _lock(show: Show, channel: Channel, quantity: int) -> int:
    wanted = Best(quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=MANAGER).claim_id


def _total(shop: Shop, of: str = "") -> dict[str, Any]:
    total: dict[str, Any] = shop.get(f"shows/hamlet/availability{of}").json()["total"]
    return total


@pytest.fixture
def busy(counter: Channel) -> Show:
    """Forty places: 3 locked, 2 paying, 4 held, 5 sold, 1 killed, 25 open."""
    show = make_show(standing(40))
    some = show.tiers.get().pk
    _lock(show, counter, 3)
    begin_payment(claim_id=_lock(show, counter, 2), by=MANAGER)
    commit_lock(claim_id=_lock(show, counter, 5), by=MANAGER)
    place_hold(show_id=show.pk, wanted=Admissions(some, 4), purpose="sponsor", party="Chai Co", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Admissions(some, 1), by=By("user:1", reason_code="broken"))
    return show


def test_the_public_is_told_what_it_can_buy_and_what_may_come_back(busy: Show, visitor: Shop) -> None:
    answer = visitor.get("shows/hamlet/availability").json()

    told = {"state": "available", "left": 25, "in_baskets": 5, "next_release": None}
    assert answer == {
        "channel": "web",
        "show_state": "on_sale",
        "manifest_version": 1,
        "total": told,
        "sections": [{"section": "floor", "name": "Floor", "is_ga": True, **told}],
        "tiers": [{"tier": "general", "name": "General", **told}],
        "lines": [{"section": "floor", "tier": "general", **told}],
    }


def test_staff_are_told_everything_and_it_adds_up(busy: Show, cashier: Shop) -> None:
    total = _total(cashier, "?view=staff")

    assert total == {
        "state": "available", "left": 25, "in_baskets": 5, "next_release": None, "capacity": 40, "open": 25,
        "locked": 3, "paying": 2, "held": 4, "leased": 0, "sold": 5, "killed": 1, "frozen": False,
    }  # fmt: skip


def test_it_is_sold_out_only_when_no_basket_can_come_back(visitor: Shop, web: Channel) -> None:
    show = make_show(standing(12))
    seen = [_total(visitor)["state"]]
    _lock(show, web, 5)
    seen.append(_total(visitor)["state"])
    claim = _lock(show, web, 7)
    seen.append(_total(visitor)["state"])
    for claim_id in (claim, claim - 1):
        commit_lock(claim_id=claim_id, by=MANAGER)
    seen.append(_total(visitor)["state"])

    assert seen == ["available", "few_left", "in_baskets", "sold_out"]


@pytest.mark.parametrize(
    ("state", "word"), [("paused", "paused"), ("closed", "not_on_sale"), ("cancelled", "not_on_sale")]
)
def test_a_show_that_does_not_sell_says_so_and_not_sold_out(state: str, word: str, visitor: Shop) -> None:
    make_show(standing(3), state=state)

    assert (_total(visitor)["state"], _total(visitor)["left"]) == (word, 0)


def test_what_goes_on_sale_later_is_not_sold_out_and_says_when(visitor: Shop, web: Channel, counter: Channel) -> None:
    show = make_show(standing(12))
    opens = timezone.now() + timedelta(hours=3)
    later = Allocation.objects.create(show=show, name="Web later")
    AllocationChannel.objects.create(allocation=later, channel=web, opens_at=opens)
    everything = Admissions(show.tiers.get().pk, 12)
    allocate_places(wanted=everything, allocation_id=later.pk, by=MANAGER)

    total = _total(visitor)

    assert total == {
        "state": "not_on_sale", "left": 0, "in_baskets": 0, "next_release": opens.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


def test_whoever_has_it_already_is_told_that_nothing_changed(visitor: Shop, django_assert_num_queries: Any) -> None:
    show = make_show(standing(40))
    etag = visitor.get("shows/hamlet/availability").headers["ETag"]

    with django_assert_num_queries(2):
        same = visitor.get("shows/hamlet/availability", if_none_match=etag)
    _lock(show, Channel.objects.get(code="counter"), 1)
    other = visitor.get("shows/hamlet/availability", if_none_match=f'"else", W/{etag}')

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert same.headers["Cache-Control"] == "max-age=1"
    assert (other.status_code, other.json()["total"]["left"]) == (200, 39)


@pytest.mark.parametrize("houses", [1, 3])
def test_it_takes_two_statements_however_large_the_house(
    houses: int, visitor: Shop, django_assert_num_queries: Any
) -> None:
    make_show(standing(10 * houses))

    with django_assert_num_queries(2):
        visitor.get("shows/hamlet/availability")
