"""Chosen seats: single seats left over are refused, told or nobody's matter; wheelchair places are for who asks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.refusals import DomainError
from inventory.models import Channel, Claim, Movement
from inventory.queries.verify import verify
from tests.houses import statuses
from tests.inventory.choosing.drawing import picture, tidy
from tests.inventory.choosing.playing import play, seats_of
from tests.inventory.choosing.reference import stranded


@dataclass(frozen=True)
class Case:
    """A house, the seats chosen, and what is left: with `!` for a seat left single that need not have been."""

    says: str
    before: str
    chosen: str
    after: str
    numbers: str = ""
    labels: str = ""

    def __str__(self) -> str:
        return self.says.replace(" ", "_")


STRANDED = [
    Case("one seat off the end", "A  ......", "A-2", "A  !o...."),
    Case("a pair one seat off the end", "A  ......", "A-2 A-3", "A  !oo..."),
    Case("a seat on each side", "A  ...", "A-2", "A  !o!"),
    Case("one seat off an aisle", "A  ....|....", "A-3", "A  ..o!|...."),
    Case("one seat off a taken one", "A  ..x....", "A-5", "A  ..x!o.."),
    Case("one seat off a gap in the numbers", "A  ......", "A-2", "A  !o....", numbers="A  1 2 3 4 6 7"),
    Case("the seat between two pieces of one choice", "A  .......", "A-3 A-5", "A  ..o!o.."),
    Case("every single of several", "A  .......", "A-2 A-4 A-6", "A  !o!o!o!"),
    Case("a piece between, though the ends are whole", "A  ..........", "A-3 A-4 A-6", "A  ..oo!o...."),
    Case("in one row of two", "A  ....\nB  ....", "A-1 B-2", "A  o...\nB  !o.."),
    Case("whatever the label of the single seat", "A  .....", "A-2", "A  !o...", labels="A  k...."),
    Case("whatever its marks", "A  wc..", "A-3", "A  wco!"),
]
NOT_STRANDED = [
    Case("seats off the end", "A  ......", "A-1 A-2", "A  oo...."),
    Case("two left on each side", "A  .....", "A-3", "A  ..o.."),
    Case("a whole row", "A  ....", "A-1 A-2 A-3 A-4", "A  oooo"),
    Case("one left over whatever is chosen", "A  ...", "A-1 A-2", "A  oo."),
    Case("one left over in the middle of the choice", "A  ...", "A-1 A-3", "A  o.o"),
    Case("one left over of a stretch between taken ones", "A  x..x...", "A-2", "A  xo.x..."),
    Case("who was single before", "A  .x....", "A-3", "A  .xo..."),
    Case("across an aisle nobody is a neighbour", "A  .|....", "A-2", "A  .|o..."),
    Case("seats 1 and 2 of odd and even sides", "A  ......", "A-2", "A  ...o..", numbers="A  5 3 1 2 4 6"),
    Case("two pieces of two", "A  ......", "A-3 A-4", "A  ..oo.."),
]
every_stranding = pytest.mark.parametrize("case", STRANDED, ids=str)
every_other = pytest.mark.parametrize("case", NOT_STRANDED, ids=str)


def singles_of(case: Case) -> str:
    """The seats drawn as left single, by name."""
    after = picture(case.after, numbers=case.numbers)
    return " ".join(f"{row}-{number}" for (_, row, number), mark in after.marks.items() if mark == "!")


@pytest.mark.parametrize("case", [*STRANDED, *NOT_STRANDED], ids=str)
def test_the_reference_says_so(case: Case) -> None:
    seats = seats_of(picture(case.before, numbers=case.numbers, labels=case.labels))
    ids = {f"{row}-{number}": seat.id for (_, row, number), seat in seats.items()}

    singles = stranded(list(seats.values()), [ids[name] for name in case.chosen.split()])

    assert singles == sorted(ids[name] for name in singles_of(case).split())


@every_stranding
@pytest.mark.django_db(transaction=True)
def test_a_choice_that_strands_is_refused_and_changes_nothing(case: Case, web: Channel) -> None:
    playing = play(picture(case.before, numbers=case.numbers, labels=case.labels), web, rule="refuse")
    before = statuses(playing.show), Movement.objects.count(), Claim.objects.count()

    with pytest.raises(DomainError) as refused:
        playing.choose(case.chosen)

    assert refused.value.code == "places_stranded"
    assert refused.value.facts == {"place_ids": sorted(playing.places(singles_of(case)))}
    assert (statuses(playing.show), Movement.objects.count(), Claim.objects.count()) == before
    assert playing.drawn() == tidy(case.before)


@every_stranding
@pytest.mark.django_db(transaction=True)
def test_or_it_is_sold_and_told(case: Case, web: Channel) -> None:
    playing = play(picture(case.before, numbers=case.numbers, labels=case.labels), web, rule="warn")

    assert playing.choose(case.chosen) == tidy(case.after)
    assert verify(playing.show).is_sound


@every_stranding
@pytest.mark.django_db(transaction=True)
def test_or_nobody_minds(case: Case, web: Channel) -> None:
    playing = play(picture(case.before, numbers=case.numbers, labels=case.labels), web, rule="off")

    after = playing.choose(case.chosen)

    assert "!" not in after
    assert playing.drawn() == after.replace("o", "l")


@pytest.mark.parametrize("rule", ["refuse", "warn", "off"])
@every_other
@pytest.mark.django_db(transaction=True)
def test_a_choice_that_strands_nobody_is_never_minded(case: Case, rule: str, web: Channel) -> None:
    playing = play(picture(case.before, numbers=case.numbers, labels=case.labels), web, rule=rule)

    assert playing.choose(case.chosen) == tidy(case.after)


# Wheelchair and companion places --------


@pytest.mark.parametrize("chosen", ["A-3", "A-4", "A-3 A-4", "A-2 A-3"])
@pytest.mark.django_db(transaction=True)
def test_kept_places_are_not_sold_to_who_has_not_asked(chosen: str, web: Channel) -> None:
    playing = play(picture("A  ..wc.."), web)

    with pytest.raises(DomainError) as refused:
        playing.choose(chosen)

    kept = [place_id for place_id in playing.places(chosen) if place_id in playing.places("A-3 A-4")]
    assert (refused.value.code, refused.value.facts) == ("places_kept_accessible", {"place_ids": sorted(kept)})
    assert playing.drawn() == "A  ..wc.."


@pytest.mark.parametrize("rule", ["refuse", "warn", "off"])
@pytest.mark.django_db(transaction=True)
def test_kept_places_are_sold_to_who_asks(rule: str, web: Channel) -> None:
    playing = play(picture("A  ..wc.."), web, rule=rule)

    assert playing.choose("A-3 A-4", accessible=True) == "A  ..oo.."


@pytest.mark.django_db(transaction=True)
def test_who_asks_may_choose_ordinary_seats_besides(web: Channel) -> None:
    playing = play(picture("A  ..wc.."), web, rule="refuse")

    assert playing.choose("A-1 A-2 A-3 A-4", accessible=True) == "A  oooo.."


@pytest.mark.django_db(transaction=True)
def test_who_asks_keeps_the_rule_of_single_seats_too(web: Channel) -> None:
    playing = play(picture("A  wc.."), web, rule="refuse")

    with pytest.raises(DomainError) as refused:
        playing.choose("A-2", accessible=True)

    assert refused.value.code == "places_stranded"
    assert refused.value.facts == {"place_ids": playing.places("A-1")}


# Locks that have run out --------


@pytest.mark.django_db(transaction=True)
def test_a_seat_under_a_lock_that_ran_out_can_be_chosen(web: Channel) -> None:
    playing = play(picture("A  .ll."), web, rule="refuse")

    assert playing.choose("A-1 A-2") == "A  oo.."
