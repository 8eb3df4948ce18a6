"""Best available while things change: locks that run out, freezes, and a house that fills party by party."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.refusals import DomainError
from inventory.models import Channel
from inventory.queries.verify import verify
from inventory.services.freezes import freeze
from tests.houses import seconds
from tests.inventory.choosing.drawing import picture, tidy
from tests.inventory.choosing.playing import LONG_AGO, STAGE, Ask, play
from tests.inventory.choosing.reference import NOT_ENOUGH

pytestmark = pytest.mark.django_db(transaction=True)
FRONT_AND_BACK = """
    stalls:
    A  ....
    balcony:
    B  ....
    """


# Locks that have run out --------


def test_who_runs_short_gets_what_ran_out(web: Channel) -> None:
    playing = play(picture("A  .ll."), web)

    assert playing.best(Ask(4)) == "A  oooo"
    assert verify(playing.show).is_sound


def test_a_second_earlier_it_is_not_enough(web: Channel) -> None:
    playing = play(picture("A  .ll."), web)

    with pytest.raises(DomainError) as refused:
        playing.best(Ask(4), now=LONG_AGO + seconds(479))

    assert (refused.value.code, refused.value.facts) == (NOT_ENOUGH, {"asked": 4, "open": 2})


def test_who_does_not_run_short_leaves_it_alone(web: Channel) -> None:
    playing = play(picture("A  ll.."), web)

    assert playing.best(Ask(2)) == "A  lloo"


def test_nobody_is_split_while_a_lock_that_ran_out_keeps_them_apart(web: Channel) -> None:
    playing = play(picture("A  .lx."), web)

    assert playing.best(Ask(2)) == "A  oox."


def test_nobody_is_told_not_together_while_a_lock_that_ran_out_keeps_them_apart(web: Channel) -> None:
    playing = play(picture("A  .lx."), web)

    assert playing.best(Ask(2, together=True)) == "A  oox."


# Freezes --------


def test_a_frozen_tier_is_passed_over(web: Channel) -> None:
    playing = play(picture(FRONT_AND_BACK, tiers="balcony:\nB  ssss"), web)
    freeze(show_id=playing.show.pk, tier_id=playing.show.tiers.get(code="gold").pk, by=STAGE)

    assert playing.best(Ask(4)) == tidy("stalls:\nA  ....\nbalcony:\nB  oooo")


def test_a_frozen_section_is_passed_over(web: Channel) -> None:
    playing = play(picture(FRONT_AND_BACK), web)
    freeze(show_id=playing.show.pk, section_id=playing.show.sections.get(code="stalls").pk, by=STAGE)

    assert playing.best(Ask(4)) == tidy("stalls:\nA  ....\nbalcony:\nB  oooo")


def test_a_seat_of_a_frozen_tier_is_open_all_the_same_and_left_single(web: Channel) -> None:
    playing = play(picture("A  ......", tiers="A  sggggg", ranks="A  1 2 3 4 5 6"), web)
    freeze(show_id=playing.show.pk, tier_id=playing.show.tiers.get(code="silver").pk, by=STAGE)

    assert playing.best(Ask(2)) == "A  ..oo.."


@pytest.mark.parametrize("what", ["tier", "section", "channel"])
def test_where_all_that_was_asked_for_is_frozen_that_is_said(what: str, web: Channel) -> None:
    playing = play(picture(FRONT_AND_BACK, tiers="balcony:\nB  ssss"), web)
    freeze(
        show_id=playing.show.pk,
        tier_id=playing.show.tiers.get(code="gold").pk if what == "tier" else None,
        section_id=playing.show.sections.get(code="stalls").pk if what == "section" else None,
        channel_id=web.pk if what == "channel" else None,
        by=STAGE,
    )

    assert refusal_of(lambda: playing.best(Ask(2, tiers="g", section="stalls"))) == "frozen"
    assert refusal_of(lambda: playing.choose("A-1 A-2")) == "frozen"
    assert playing.drawn() == tidy(FRONT_AND_BACK)


def refusal_of(act: Callable[[], str]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


# Party by party --------


def test_a_house_fills_without_a_seat_left_over(web: Channel) -> None:
    playing = play(picture("A  ......\nB  ......"), web)
    parties = [
        (2, "A  ..oo..\nB  ......"),
        (2, "A  ooll..\nB  ......"),
        (3, "A  llll..\nB  ooo..."),
        (2, "A  lllloo\nB  lll..."),
        (3, "A  llllll\nB  lllooo"),
    ]

    for size, after in parties:
        assert playing.best(Ask(size)) == after
    assert verify(playing.show).is_sound
