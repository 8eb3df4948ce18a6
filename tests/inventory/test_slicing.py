"""Slices of the pool: made with channels, times, places and a ladder in one act; changed, given back, undone."""

from __future__ import annotations

from typing import Any

import pytest

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Movement, ReleaseStep, Show
from inventory.queries.picking import Order
from inventory.queries.stock import by_channel
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from inventory.services.slices import More, Opening, Part, Pick, Slice, SliceStep
from inventory.services.slicing import give_slice_back, slice_pool, undo_slicing
from tests.database import superuser
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.admin.asking import two_sections

HOUR = seconds(3600)
BY = By("user:1", reason_code="walk_ins", note="As agreed on Monday.")
BUYER = By("session:1")


def cut(show: Show, *slices: Slice | More, at: Any = NOON) -> list[list[int]]:
    return [sliced.place_ids for sliced in slice_pool(show_id=show.pk, slices=slices, by=BY, now=at)]


def labels(show: Show) -> dict[str, list[str]]:
    """Which places are under which label, the pool's left out."""
    found: dict[str, list[str]] = {}
    for place in show.places.filter(allocation__is_pool=False).select_related("allocation").order_by("rank"):
        found.setdefault(str(place.allocation), []).append(str(place))
    return found


def sells(show: Show, channel: Channel, at: Any) -> int:
    return sum(line.sellable for line in by_channel(show.pk, at) if line.channel_id == channel.pk)


def everything(show: Show) -> tuple[object, ...]:
    return (
        list(show.places.order_by("pk").values()),
        list(Allocation.objects.order_by("pk").values()),
        list(AllocationChannel.objects.order_by("pk").values()),
        list(ReleaseStep.objects.order_by("pk").values()),
        Movement.objects.count(),
    )


# It does it -----------------------------------------------------------------------------------------------------------


def test_a_counter_slice_is_cut_with_its_ladder_in_one_act(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    ladder = [
        SliceStep(show.starts_at - 48 * HOUR, share_percent=50),
        SliceStep(show.starts_at - 2 * HOUR, share_percent=100),
    ]

    (moved,) = cut(show, Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=4), ladder=ladder))

    assert (len(moved), labels(show)) == (4, {"Counter slice": ["#1", "#2", "#3", "#4"]})
    movement = Movement.objects.get(verb="allocate_places")
    assert (movement.quantity, movement.actor, movement.reason_code, movement.note.text) == (
        4, "user:1", "walk_ins", "As agreed on Monday.",
    )  # fmt: skip
    later = [show.starts_at - hours * HOUR for hours in (100, 48, 2)]
    assert [(sells(show, web, at), sells(show, counter, at)) for at in later] == [(6, 10), (8, 10), (10, 10)]
    assert verify(show).is_sound


def test_the_web_sells_first_and_the_counter_from_its_opening(web: Channel, counter: Channel) -> None:
    show = make_show(rows("AB", 4))
    web_first = [Opening(web.pk), Opening(counter.pk, NOON + 24 * HOUR)]

    cut(show, Slice("Web first", web_first, Part(), closes_at=NOON + 48 * HOUR))

    assert [(sells(show, web, at), sells(show, counter, at)) for at in (NOON, NOON + 24 * HOUR)] == [(8, 0), (8, 8)]


def test_several_slices_are_cut_at_once_and_a_ladder_leads_from_one_to_another(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    partner = Channel.objects.create(code="partner", name="Tiffin", kind="partner")
    step = SliceStep(NOON + HOUR, quantity=1, to_slice="Counter")

    cut(
        show,
        Slice("Partner", [Opening(partner.pk)], Pick(quantity=3), ladder=[step]),
        Slice("Counter", [Opening(counter.pk)], Pick(share_percent=50, order=Order.WORST)),
    )

    assert labels(show) == {"Partner": ["#1", "#2", "#3"], "Counter": ["#7", "#8", "#9", "#10"]}
    assert [sells(show, channel, NOON + HOUR) for channel in (web, counter, partner)] == [3, 8, 5]


@pytest.mark.parametrize(
    ("wanted", "seats"),
    [
        ({"quantity": 2}, ["A-1", "A-2"]),
        ({"quantity": 2, "order": Order.WORST}, ["B-3", "B-4"]),
        ({"quantity": 4, "order": Order.SPREAD}, ["A-1", "A-2", "B-1", "B-2"]),
        ({"share_percent": 30}, ["A-1", "A-2", "A-3"]),
    ],
)
def test_places_are_picked_by_number_or_by_share(counter: Channel, wanted: Any, seats: list[str]) -> None:
    show = make_show(rows("AB", 4))

    cut(show, Slice("Counter", [Opening(counter.pk)], Pick(**wanted)))

    assert labels(show) == {"Counter": seats}


def test_a_whole_tier_goes_to_a_partner_whatever_state_its_places_are_in(web: Channel) -> None:
    show = make_show(two_sections())
    silver, balcony = show.tiers.get(code="silver"), show.sections.get(code="balcony")
    sold, killed, *_ = list(balcony.places.order_by("rank").values_list("pk", flat=True))
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([sold]), by=BUYER, now=NOON)
    commit_lock(claim_id=lock.claim_id, reference="HF-1", by=BUYER, now=NOON)
    kill_places(show_id=show.pk, wanted=Seats([killed]), by=By("user:1", reason_code="pillar"), now=NOON)
    before = statuses(show)

    (moved,) = cut(show, Slice("Tiffin", [Opening(web.pk)], Part(tier_id=silver.pk)))

    assert len(moved) == balcony.places.count()
    assert statuses(show) == before
    assert verify(show).is_sound


def test_a_whole_part_leaves_what_other_slices_have(counter: Channel, web: Channel) -> None:
    show = make_show(rows("A", 4))
    cut(show, Slice("Counter", [Opening(counter.pk)], Seats([seat(show, "A-1").pk])))

    cut(show, Slice("Web", [Opening(web.pk)], Part()))

    assert labels(show) == {"Counter": ["A-1"], "Web": ["A-2", "A-3", "A-4"]}


def test_what_a_ladder_has_promised_by_now_is_in_the_pool_to_be_sliced(counter: Channel, web: Channel) -> None:
    show = make_show(standing(4))
    step = SliceStep(NOON + HOUR, share_percent=100)
    cut(show, Slice("Counter", [Opening(counter.pk)], Part(), ladder=[step]))

    cut(show, Slice("Web", [Opening(web.pk)], Pick(quantity=4)), at=NOON + HOUR)

    assert labels(show) == {"Web": ["#1", "#2", "#3", "#4"]}


# It changes what is there ---------------------------------------------------------------------------------------------


def test_a_slice_gets_other_times_and_another_ladder_and_keeps_what_is_done(web: Channel, counter: Channel) -> None:
    show = make_show(standing(10))
    ladder = [SliceStep(NOON + HOUR, quantity=1), SliceStep(NOON + 9 * HOUR, share_percent=100)]
    cut(show, Slice("Counter", [Opening(counter.pk), Opening(web.pk, NOON + HOUR)], Pick(quantity=4), ladder=ladder))
    slice_ = Allocation.objects.get(name="Counter")

    later = NOON + 2 * HOUR
    openings = [Opening(counter.pk, NOON + 3 * HOUR)]
    cut(
        show,
        Slice("Till", openings, None, later + HOUR * 9, [SliceStep(later + HOUR, quantity=2)], slice_.pk),
        at=later,
    )

    slice_.refresh_from_db()
    assert (slice_.name, slice_.closes_at) == ("Till", later + HOUR * 9)
    assert list(slice_.openings.values_list("channel", "opens_at")) == [(counter.pk, NOON + 3 * HOUR)]
    steps = ReleaseStep.objects.order_by("at")
    assert [(step.at, step.done_at is not None) for step in steps] == [(NOON + HOUR, True), (later + HOUR, False)]
    assert list(Movement.objects.filter(verb="allocate_places").values_list("quantity", flat=True)) == [0, 4]


def test_an_opening_that_is_past_stays_as_it_was(counter: Channel) -> None:
    show = make_show(standing(4))
    opening = Opening(counter.pk, NOON + HOUR)
    cut(show, Slice("Counter", [opening], Part()))
    slice_ = Allocation.objects.get(name="Counter")

    cut(show, Slice("Counter", [opening], closes_at=NOON + 9 * HOUR, allocation_id=slice_.pk), at=NOON + 2 * HOUR)

    assert slice_.openings.get().opens_at == NOON + HOUR


def test_more_places_join_a_slice_that_stays_as_it_is(counter: Channel) -> None:
    show = make_show(standing(4))
    ladder = [SliceStep(NOON + HOUR, share_percent=50)]
    cut(show, Slice("Counter", [Opening(counter.pk)], Pick(quantity=1), ladder=ladder))
    slice_ = Allocation.objects.get(name="Counter")

    assert cut(show, More(slice_.pk, Pick(quantity=2))) == [
        sorted(show.places.filter(number__in="23").values_list("pk", flat=True))
    ]

    assert (labels(show), ReleaseStep.objects.count()) == ({"Counter": ["#1", "#2", "#3"]}, 1)


def test_places_are_given_back_by_number_by_name_and_all_of_them(counter: Channel, web: Channel) -> None:
    show = make_show(rows("A", 6))
    cut(show, Slice("Counter", [Opening(counter.pk)], Part()))
    slice_id = Allocation.objects.get(name="Counter").pk
    lock_places(show_id=show.pk, channel_id=counter.pk, wanted=Seats([seat(show, "A-3").pk]), by=BUYER, now=NOON)

    give_slice_back(allocation_id=slice_id, places=Pick(quantity=2, order=Order.WORST), by=BY, now=NOON)
    assert labels(show) == {"Counter": ["A-1", "A-2", "A-3", "A-4"]}
    give_slice_back(allocation_id=slice_id, places=Seats([seat(show, "A-1").pk]), by=BY, now=NOON)
    assert labels(show) == {"Counter": ["A-2", "A-3", "A-4"]}
    assert len(give_slice_back(allocation_id=slice_id, by=BY, now=NOON)) == 3
    assert labels(show) == {}
    assert statuses(show) == {"locked": 1, "open": 5}


# It undoes ------------------------------------------------------------------------------------------------------------


def test_a_slicing_undone_puts_every_place_back_where_it_was(counter: Channel, web: Channel) -> None:
    show = make_show(standing(6))
    cut(show, Slice("Web", [Opening(web.pk)], Pick(quantity=2)))
    web_id = Allocation.objects.get(name="Web").pk
    cut(
        show,
        Slice("Counter", [Opening(counter.pk)], Pick(quantity=2)),
        Slice("Till", [Opening(counter.pk)], Pick(quantity=1, out_of_id=web_id)),
    )
    last = Movement.objects.filter(verb="allocate_places").latest("pk")

    undone = undo_slicing(movement_id=last.pk, by=BY, now=NOON)

    assert (len(undone), labels(show)) == (3, {"Web": ["#1", "#2"]})
    assert verify(show).is_sound


def test_what_has_moved_on_since_stays_where_it_is(counter: Channel, web: Channel) -> None:
    show = make_show(rows("A", 3))
    cut(show, Slice("Counter", [Opening(counter.pk)], Part()))
    cutting = Movement.objects.get(verb="allocate_places")
    cut(show, Slice("Web", [Opening(web.pk)], Seats([seat(show, "A-1").pk])))

    undo_slicing(movement_id=cutting.pk, by=BY, now=NOON)

    assert labels(show) == {"Web": ["A-1"]}
    with pytest.raises(DomainError, match="moved on") as refused:
        undo_slicing(movement_id=cutting.pk, by=BY, now=NOON)
    assert refused.value.code == "nothing_to_undo"


def test_an_act_of_another_server_with_the_same_transaction_id_is_not_undone_too(
    counter: Channel, web: Channel
) -> None:
    """Transaction ids start again where a dump is restored."""
    show = make_show(rows("AB", 3))
    cut(show, Slice("Web slice", [Opening(web.pk)], Pick(quantity=2)))
    before = labels(show)
    cut(show, Slice("Counter slice", [Opening(counter.pk)], Pick(quantity=2)))
    old, new = Movement.objects.filter(verb="allocate_places").order_by("pk").values_list("pk", flat=True)
    with superuser() as free:
        free.execute("SET session_replication_role = replica")
        free.execute(
            """UPDATE inventory_movement m SET xact = other.xact FROM inventory_movement other
               WHERE m.id = %s AND other.id = %s""",
            [old, new],
        )

    undo_slicing(movement_id=new, by=BY, now=NOON)

    assert labels(show) == before


# It refuses and changes nothing ---------------------------------------------------------------------------------------


def in_hours(hours: float) -> Any:
    return NOON + hours * HOUR


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("slice_incomplete", {"name": " "}),
        ("slice_incomplete", {"openings": []}),
        ("slice_incomplete", {"openings": [Opening(1), Opening(1)]}),
        ("slice_name_taken", {"name": "Pool"}),
        ("channel_unknown", {"openings": [Opening(404)]}),
        ("closing_invalid", {"closes_at": NOON}),
        ("closing_invalid", {"closes_at": in_hours(24 * 31)}),
        ("opening_invalid", {"openings": [Opening(1, NOON)]}),
        ("opening_invalid", {"openings": [Opening(1, in_hours(2))], "closes_at": in_hours(2)}),
        ("opening_invalid", {"openings": [Opening(1, in_hours(24 * 30))]}),
        ("slice_step_invalid", {"ladder": [SliceStep(NOON, 50)]}),
        ("slice_step_invalid", {"ladder": [SliceStep(in_hours(2), 50)], "closes_at": in_hours(1)}),
        ("slice_step_invalid", {"ladder": [SliceStep(in_hours(24 * 30), 50)]}),
        ("slice_step_invalid", {"ladder": [SliceStep(in_hours(1), 101)]}),
        ("slice_step_invalid", {"ladder": [SliceStep(in_hours(1), 50, 2)]}),
        ("slice_step_invalid", {"ladder": [SliceStep(in_hours(1), 50, to_slice="Counter")]}),
        ("allocation_unknown", {"ladder": [SliceStep(in_hours(1), 50, to_slice="Nowhere")]}),
        ("allocation_unknown", {"ladder": [SliceStep(in_hours(1), 50, to_allocation_id=404)]}),
        ("allocation_unknown", {"allocation_id": 404}),
        ("allocation_unknown", {"places": Pick(quantity=1, out_of_id=404)}),
        ("tier_unknown", {"places": Pick(quantity=1, tier_id=404)}),
        ("tier_unknown", {"places": Part(section_id=404)}),
        ("quantity_invalid", {"places": Pick()}),
        ("quantity_invalid", {"places": Pick(quantity=0)}),
        ("quantity_invalid", {"places": Pick(quantity=1, share_percent=1)}),
        ("quantity_invalid", {"places": Pick(share_percent=101)}),
        ("quantity_invalid", {"places": Seats([])}),
        ("not_enough_places", {"places": Pick(quantity=9)}),
        ("places_unknown", {"places": Seats([404])}),
    ],
)  # fmt: skip
def test_a_slice_that_makes_no_sense_is_refused_and_nothing_is_changed(
    transactional_db: None, code: str, fields: dict[str, Any]
) -> None:
    show = make_show(standing(4))
    before = everything(show)
    channel = Channel.objects.get(code="counter").pk
    openings = [
        Opening(channel if opening.channel_id == 1 else opening.channel_id, opening.opens_at)
        for opening in fields.get("openings", [Opening(1)])
    ]
    good = Slice("Good", [Opening(channel)], Pick(quantity=1))
    wished: dict[str, Any] = {"name": "Counter", "places": Pick(quantity=1)} | fields | {"openings": openings}
    bad = Slice(**wished)

    with pytest.raises(DomainError) as refused:
        cut(show, good, bad)

    assert (refused.value.code, everything(show)) == (code, before)


def test_a_seat_that_is_not_open_is_named_and_no_other_moves(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 3))
    taken = seat(show, "A-2").pk
    place_hold(show_id=show.pk, wanted=Seats([taken]), purpose="press", party="Daily", by=MANAGER, now=NOON)
    all_three = Seats(list(show.places.values_list("pk", flat=True)))

    with pytest.raises(DomainError) as refused:
        cut(show, Slice("Counter", [Opening(counter.pk)], all_three))

    assert (refused.value.code, refused.value.facts) == ("places_taken", {"place_ids": [taken]})
    assert labels(show) == {}


def test_one_place_does_not_go_into_two_slices_at_once(web: Channel, counter: Channel) -> None:
    show = make_show(rows("A", 3))
    one = Seats([seat(show, "A-1").pk])

    with pytest.raises(DomainError) as refused:
        cut(show, Slice("Counter", [Opening(counter.pk)], one), Slice("Web", [Opening(web.pk)], one))

    assert (refused.value.code, labels(show)) == ("quantity_invalid", {})


def test_the_pool_is_no_slice_and_strange_places_are_not_given_back(counter: Channel) -> None:
    show = make_show(rows("A", 3))
    pool = show.allocations.get(is_pool=True).pk
    cut(show, Slice("Counter", [Opening(counter.pk)], Seats([seat(show, "A-1").pk])))
    slice_id = Allocation.objects.get(name="Counter").pk
    before = everything(show)

    codes = []
    for act in (
        lambda: cut(show, Slice("Everybody", [Opening(counter.pk)], allocation_id=pool)),
        lambda: cut(show, More(pool, Pick(quantity=1))),
        lambda: give_slice_back(allocation_id=pool, by=BY, now=NOON),
        lambda: give_slice_back(allocation_id=slice_id, places=Seats([seat(show, "A-2").pk]), by=BY, now=NOON),
        lambda: give_slice_back(allocation_id=slice_id, places=Pick(quantity=2), by=BY, now=NOON),
        lambda: undo_slicing(movement_id=404, by=BY, now=NOON),
        lambda: slice_pool(show_id=404, slices=[], by=BY, now=NOON),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        codes.append(refused.value.code)

    assert codes == [
        "allocation_unknown", "allocation_unknown", "allocation_unknown", "places_not_in_slice", "not_enough_places",
        "nothing_to_undo", "show_unknown",
    ]  # fmt: skip
    assert everything(show) == before


def test_a_label_given_by_the_plain_verb_is_undone_too(counter: Channel) -> None:
    show = make_show(rows("A", 2))
    cut(show, Slice("Counter", [Opening(counter.pk)]))
    slice_id = Allocation.objects.get(name="Counter").pk
    allocate_places(allocation_id=slice_id, wanted=Seats([seat(show, "A-1").pk]), by=BY, now=NOON)

    undo_slicing(movement_id=Movement.objects.latest("pk").pk, by=BY, now=NOON)

    assert labels(show) == {}
