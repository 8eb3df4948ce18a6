"""Selling out of a hold: its places become sales that name it, all of them or none."""

from __future__ import annotations

import pytest

from inventory.acts import By, Seats
from inventory.models import Channel, Claim, Hold, Movement, Place, ReleaseStep, Show
from inventory.queries.holds import acts_of, count_of
from inventory.queries.verify import verify
from inventory.services.holds import HoldIsOrdered, LadderStep, PlacesNotHeld, extend_hold, place_hold, release_hold
from inventory.services.locking import lock_places
from inventory.services.refusals import ClaimEnded, ClaimUnknown, QuantityInvalid
from inventory.services.releases import run_due_releases
from inventory.services.sales import return_sold
from inventory.services.selling import HoldSale, sell_from_hold, set_apart
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, statuses
from tests.inventory.plain_sql import claim, movement, rule_of

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = seconds(3600)
CLERK = By(actor="user:1", reason_code="goodwill", note="For the mayor")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6))


def ids(show: Show, *labels: str) -> list[int]:
    return [seat(show, label).pk for label in labels]


def hold(show: Show, *labels: str, steps: tuple[LadderStep, ...] = ()) -> Hold:
    return place_hold(
        show_id=show.pk,
        wanted=Seats(ids(show, *labels)),
        purpose="sponsor",
        party="Chai Co",
        by=MANAGER,
        steps=steps,
        now=NOON,
    )


def sell(held: Hold, counter: Channel, *sales: list[int], now: object = NOON) -> list[int]:
    return sell_from_hold(
        claim_id=held.pk,
        sales=[HoldSale(place_ids, f"order:{nth}") for nth, place_ids in enumerate(sales, start=1)],
        channel_id=counter.pk,
        by=CLERK,
        now=now,  # type: ignore[arg-type]
    )


def test_a_part_of_a_hold_is_sold_and_the_rest_stays_held(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2", "A-3")

    (sale_id,) = sell(held, counter, ids(show, "A-1", "A-2"))

    sale = Claim.objects.get(pk=sale_id)
    assert (sale.kind, sale.origin_id, sale.channel_id, sale.reference) == ("sale", held.pk, counter.pk, "order:1")
    assert statuses(show) == {"sold": 2, "held": 1, "open": 3}
    assert Claim.objects.get(pk=held.pk).ended_at is None
    act = Movement.objects.select_related("note").get(verb="sell_from_hold")
    assert (act.quantity, act.reason_code, act.note.text, act.claim_id) == (2, "goodwill", "For the mayor", sale_id)
    assert verify(show).is_sound


def test_several_sales_are_one_act_and_each_names_its_own_places(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2", "A-3")

    first, second = sell(held, counter, ids(show, "A-3"), ids(show, "A-1"))

    assert dict(Place.objects.filter(status="sold").values_list("number", "claim_id")) == {"3": first, "1": second}
    assert verify(show).is_sound


def test_a_hold_ends_with_its_last_place_sold(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2")

    sell(held, counter, ids(show, "A-1"), ids(show, "A-2"))

    assert Claim.objects.get(pk=held.pk).ended_at == NOON
    with pytest.raises(ClaimEnded):
        sell(held, counter, ids(show, "A-1"))


def test_what_was_sold_counts_as_used_in_the_burn_down(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2", "A-3", "A-4")
    sell(held, counter, ids(show, "A-1"), ids(show, "A-2"))
    release_hold(claim_id=held.pk, place_ids=ids(show, "A-4"), by=MANAGER, now=NOON)

    acts = [(act.verb, act.held, act.used, act.returned) for act in acts_of(held.pk)]

    assert acts == [
        ("place_hold", 4, 0, 0),
        ("sell_from_hold", 0, 1, 0),
        ("sell_from_hold", 0, 1, 0),
        ("release_hold", 0, 0, 1),
    ]
    assert count_of(held.pk).still == 1


def test_a_place_that_the_hold_has_not_is_named_and_nothing_is_sold(show: Show, counter: Channel) -> None:
    held, _other = hold(show, "A-1"), hold(show, "A-2")
    before = Claim.objects.count(), Movement.objects.count()

    with pytest.raises(PlacesNotHeld) as refused:
        sell(held, counter, ids(show, "A-1"), ids(show, "A-2", "A-3"))

    assert refused.value.facts == {"place_ids": ids(show, "A-2", "A-3")}
    assert statuses(show) == {"held": 2, "open": 4}
    assert (Claim.objects.count(), Movement.objects.count()) == before


@pytest.mark.parametrize("sales", [[], [[]], [[1, 1]], [[1], [1]]])
def test_nothing_and_one_place_twice_are_no_sale(show: Show, counter: Channel, sales: list[list[int]]) -> None:
    with pytest.raises(QuantityInvalid):
        sell(hold(show, "A-1"), counter, *sales)


def test_a_lock_is_no_hold(show: Show, web: Channel, counter: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats(ids(show, "A-1")), by=MANAGER)

    with pytest.raises(ClaimUnknown):
        sell_from_hold(claim_id=lock.claim_id, sales=[HoldSale(lock.place_ids, "x")], channel_id=counter.pk, by=CLERK)


def test_what_a_ladder_has_promised_by_now_is_given_back_and_not_sold(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2", steps=(LadderStep(NOON + HOUR, quantity=1),))

    with pytest.raises(PlacesNotHeld) as refused:
        sell(held, counter, ids(show, "A-1", "A-2"), now=NOON + HOUR)

    assert refused.value.facts == {"place_ids": ids(show, "A-2")}  # the worst goes first
    sell(held, counter, ids(show, "A-1"), now=NOON + HOUR)
    assert statuses(show) == {"sold": 1, "open": 5}
    assert verify(show).is_sound


def test_a_sold_place_that_comes_back_is_open_to_everybody(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2")
    sell(held, counter, ids(show, "A-1"))

    return_sold(show_id=show.pk, place_ids=ids(show, "A-1"), by=CLERK)

    assert statuses(show) == {"held": 1, "open": 5}


# What the database refuses, whatever code writes


def test_a_sale_out_of_a_hold_names_that_hold(show: Show, counter: Channel) -> None:
    hold(show, "A-1")
    other = hold(show, "A-2")

    def act() -> None:
        sale = claim(show, "sale", channel=counter, origin=other.claim)
        Place.objects.filter(pk=seat(show, "A-1").pk).update(
            status="sold", claim=sale, movement=movement(show, "sell_from_hold", sale)
        )

    assert rule_of(act) == "sale_names_its_origin"


@pytest.mark.parametrize(
    ("verb", "label"), [("sell_from_hold", "A-2"), ("commit_lock", "A-1"), ("release_lock", "A-1")]
)
def test_only_what_is_held_is_sold_from_a_hold_and_by_that_verb_alone(
    show: Show, counter: Channel, verb: str, label: str
) -> None:
    held = hold(show, "A-1")

    def act() -> None:
        sale = claim(show, "sale", channel=counter, origin=held.claim)
        Place.objects.filter(pk=seat(show, label).pk).update(
            status="sold", claim=sale, movement=movement(show, verb, sale)
        )

    assert rule_of(act) == "place_transition_is_legal"


# Set apart: ordered, and to be sold when the money has come


def apart(held: Hold, place_ids: list[int], **more: object) -> Hold:
    return set_apart(claim_id=held.pk, place_ids=place_ids, reference="order:7", by=CLERK, now=NOON, **more)  # type: ignore[arg-type]


def test_what_is_ordered_stays_held_for_its_party_and_no_clock_gives_it_back(show: Show, counter: Channel) -> None:
    held = hold(show, "A-1", "A-2", "A-3", "A-4", steps=(LadderStep(NOON + HOUR, share_percent=100),))

    ordered = apart(held, ids(show, "A-1", "A-2"))

    assert (ordered.party, ordered.purpose, ordered.claim.reference) == ("Chai Co", "sponsor", "order:7")
    assert ordered.claim.expires_at is None
    run_due_releases(show_id=show.pk, now=NOON + HOUR)
    assert statuses(show) == {"held": 2, "open": 4}
    acts = [(act.held, act.used, act.returned) for act in acts_of(held.pk)]
    assert acts == [(4, 0, 0), (0, 2, 0), (0, 0, 2)]
    assert verify(show).is_sound


def test_what_is_ordered_is_let_go_and_sold_by_its_order_alone(show: Show, counter: Channel) -> None:
    ordered = apart(hold(show, "A-1", "A-2"), ids(show, "A-1", "A-2"))

    for act in (
        lambda: release_hold(claim_id=ordered.pk, by=CLERK),
        lambda: extend_hold(claim_id=ordered.pk, until=NOON + HOUR, by=CLERK, now=NOON),
        lambda: sell(ordered, counter, ids(show, "A-1")),
        lambda: apart(ordered, ids(show, "A-1")),
    ):
        with pytest.raises(HoldIsOrdered) as refused:
            act()
        assert refused.value.facts == {"reference": "order:7"}
    assert statuses(show) == {"held": 2, "open": 4}
    sale = HoldSale(ids(show, "A-1", "A-2"), "order:7")
    sell_from_hold(claim_id=ordered.pk, sales=[sale], channel_id=counter.pk, by=CLERK)
    assert statuses(show) == {"sold": 2, "open": 4}


def test_an_order_that_is_off_leaves_an_ordinary_hold_behind(show: Show) -> None:
    ordered = apart(hold(show, "A-1", "A-2"), ids(show, "A-1", "A-2"))

    again = set_apart(claim_id=ordered.pk, place_ids=ids(show, "A-1", "A-2"), reference="", was="order:7", by=CLERK)

    assert (again.party, again.claim.reference) == ("Chai Co", "")
    release_hold(claim_id=again.pk, by=CLERK)
    assert statuses(show) == {"open": 6}
    assert verify(show).is_sound


def test_what_a_ladder_has_promised_cannot_be_ordered(show: Show) -> None:
    held = hold(show, "A-1", "A-2", steps=(LadderStep(NOON + HOUR, share_percent=100),))

    with pytest.raises(ClaimEnded):
        set_apart(claim_id=held.pk, place_ids=ids(show, "A-1", "A-2"), reference="order:7", by=CLERK, now=NOON + HOUR)

    assert statuses(show) == {"open": 6}


def test_an_ordered_hold_gets_no_end_and_no_ladder_whoever_writes(show: Show) -> None:
    ordered = apart(hold(show, "A-1"), ids(show, "A-1"))

    def ladder() -> None:
        ReleaseStep.objects.create(show=show, hold=ordered, at=NOON + HOUR, quantity=1)

    def end() -> None:
        Claim.objects.filter(pk=ordered.pk).update(expires_at=NOON + HOUR)

    assert rule_of(end) == "ordered_hold_has_no_end"
    assert rule_of(ladder) == "ordered_hold_has_no_ladder"
