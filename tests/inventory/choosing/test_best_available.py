"""Best available, as houses drawn before and after. Each is asked of the reference and of the database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.refusals import DomainError
from inventory.models import Channel
from tests.houses import statuses
from tests.inventory.choosing.drawing import picture, tidy
from tests.inventory.choosing.playing import Ask, play, reference_draws
from tests.inventory.choosing.reference import NOT_ENOUGH, NOT_TOGETHER


@dataclass(frozen=True)
class Case:
    """What it shows, the house before, the request, and the house after or the refusal's code."""

    says: str
    before: str
    ask: Ask
    after: str
    labels: str = ""
    tiers: str = ""
    ranks: str = ""
    numbers: str = ""

    def __str__(self) -> str:
        return self.says.replace(" ", "_")


NEIGHBOURS = [
    Case("one buyer has the best seat", "A  .......", Ask(1), "A  ...o..."),
    Case("a pair sits about the middle", "A  ......", Ask(2), "A  ..oo.."),
    Case("a pair that would leave one seat beside it moves on", "A  .....", Ask(2), "A  oo..."),
    Case("under the rule off it does not", "A  .....", Ask(2, rule="off"), "A  .oo.."),
    Case("one seat is left over where that cannot be helped", "A  ...", Ask(2), "A  oo."),
    Case("one buyer too leaves nobody alone", "A  x...x", Ask(1), "A  xo..x", ranks="A  5 2 1 3 4"),
    Case(
        "a row further back that strands nobody is better than one in front that does",
        """
        A  ...
        B  ....
        """,
        Ask(2),
        """
        A  ...
        B  oo..
        """,
        ranks="""
        A  1 2 3
        B  4 5 6 7
        """,
    ),
    Case("a taken seat is nobody's neighbour", "A  ..x...", Ask(3), "A  ..xooo"),
    Case("a held seat neither", "A  ..h...", Ask(3), "A  ..hooo"),
    Case("an aisle is not sat across", "A  .|...|.", Ask(3), "A  .|ooo|."),
    Case("a gap neither", "A  ..  ...", Ask(3), "A  ..  ooo"),
    Case("the end of the row is left single where something must be", "A  ....|....", Ask(3), "A  .ooo|...."),
    Case("odd and even sides do not touch in the middle", "A  ......", Ask(2), "A  .oo...", numbers="A  5 3 1 2 4 6"),
    Case("a whole side of them is three", "A  ......", Ask(3), "A  ooo...", numbers="A  5 3 1 2 4 6"),
    Case("a missing number is a missing seat", "A  ......", Ask(4), "A  ..oooo", numbers="A  1 2 4 5 6 7"),
    Case("letters for numbers break nothing", "A  ....", Ask(4), "A  oooo", numbers="A  a b d e"),
    Case(
        "a box seats its four and no fifth from the next",
        """
        stalls:
        A  x...x
        boxes:
        L1  ....
        L2  .....
        """,
        Ask(5),
        """
        stalls:
        A  x...x
        boxes:
        L1  ....
        L2  ooooo
        """,
    ),
    Case("a restricted view comes last", "A  rr......", Ask(2), "A  rr.oo..."),
    Case("but it comes", "A  rrxx.xx.", Ask(2), "A  ooxx.xx."),
    Case(
        "better is whose worst seat is better, though the sum is not",
        """
        A  ..
        B  ..
        """,
        Ask(2),
        """
        A  ..
        B  oo
        """,
        ranks="""
        A  1 4
        B  2 3
        """,
    ),
    Case(
        "of two with the same worst seat the smaller sum wins", "A  ...", Ask(2, rule="off"), "A  .oo", ranks="A  2 3 1"
    ),
    Case("a whole row", "A  .....", Ask(5), "A  ooooo"),
    Case(
        "the best row that has so many",
        """
        A  ....
        B  .....
        C  ......
        """,
        Ask(5),
        """
        A  ....
        B  ooooo
        C  ......
        """,
    ),
]

SECTIONS_TIERS_AND_LABELS = [
    Case(
        "the section asked for",
        """
        stalls:
        A  ....
        balcony:
        B  ....
        """,
        Ask(2, section="balcony"),
        """
        stalls:
        A  ....
        balcony:
        B  oo..
        """,
    ),
    Case(
        "without tiers asked for, the first tier first",
        "A  ....",
        Ask(2),
        "A  ..oo",
        tiers="A  ssgg",
        ranks="A  1 2 3 4",
    ),
    Case("the tiers asked for, in their order", "A  ....", Ask(2, tiers="sg"), "A  oo..", tiers="A  ssgg"),
    Case("only the tiers asked for", "A  ....", Ask(3, tiers="s"), NOT_ENOUGH, tiers="A  ssgg"),
    Case("a party does not sit across two tiers", "A  ....", Ask(3), "A  .211", tiers="A  ssgg"),
    Case(
        "together in a later tier rather than split in the first", "A  ..x...", Ask(3), "A  ..xooo", tiers="A  gggsss"
    ),
    Case(
        "the channel's own seats before better ones of the pool", "A  ......", Ask(2), "A  oo....", labels="A  aa...."
    ),
    Case("its allocations one by one, the older first", "A  ......", Ask(2), "A  ....oo", labels="A  bb..aa"),
    Case("what has closed counts as pool, and comes after it", "A  ......", Ask(2), "A  oo....", labels="A  ..zzzz"),
    Case("and is sold when the pool has none", "A  xx....", Ask(2), "A  xxoo..", labels="A  ..zzzz"),
    Case("another channel's seats are not for sale", "A  ......", Ask(3), NOT_ENOUGH, labels="A  .kkkk."),
    Case("together in the pool before split in one's own", "A  .......", Ask(2), "A  ...oo..", labels="A  a.a...."),
    Case("labels are mixed where no label has so many together", "A  ....", Ask(4), "A  oooo", labels="A  aabb"),
    Case("own seats that strand one still go before the pool's", "A  ...|..", Ask(2), "A  .oo|..", labels="A  .aa|.."),
]

SPLITS = [
    Case("two and two, not three and one", "A  ...x...", Ask(4), "A  .11x22."),
    Case("three and two of five", "A  ...x...", Ask(5), "A  111x22."),
    Case("three and one, where there is no other pair", "A  ...x.x.", Ask(4), "A  111x2x."),
    Case("a party of three splits two and one, since two is not made smaller", "A  ..x..", Ask(3), "A  11x2."),
    Case("the larger group first, though it sits worse", "A  ..x...", Ask(5), "A  22x111"),
    Case("everybody alone in a house of single seats", "A  .x.x.", Ask(3), "A  2x1x3"),
    Case("a split mixes labels where it must", "A  ...x...", Ask(5), "A  111x.22", labels="A  .aa..zz"),
    Case(
        "a split takes the first tier's stretches before it looks in the second",
        """
        A  ..x.
        B  ...
        """,
        Ask(4),
        """
        A  11x2
        B  3..
        """,
        tiers="B  sss",
    ),
    Case("more than a row sits in two", "A  ...x...", Ask(6), "A  111x222"),
    Case(
        "more than a row, row after row",
        """
        A  ...
        B  ....
        C  ....
        """,
        Ask(9),
        """
        A  222
        B  1111
        C  33..
        """,
    ),
    Case("a split is refused to those who must sit together", "A  ..x..", Ask(3, together=True), NOT_TOGETHER),
    Case("and not where they can", "A  ..x...", Ask(3, together=True), "A  ..xooo"),
    Case("too few places are too few, together or not", "A  ..x.", Ask(4, together=True), NOT_ENOUGH),
    Case("more than are left", "A  .x..", Ask(4), NOT_ENOUGH),
    Case("more than the house", "A  ....", Ask(9), NOT_ENOUGH),
]

KEPT = [
    Case("nobody who has not asked gets a wheelchair place", "A  ..wc..", Ask(2), "A  oowc..", ranks="A  1 2 3 4 5 6"),
    Case("not even as the last", "A  xxwc..", Ask(3), NOT_ENOUGH),
    Case("who asks sits there, companion beside", "A  ..wc..", Ask(2, accessible=1), "A  ..oo.."),
    Case("and friends on, as many as they are", "A  ..wc..", Ask(4, accessible=1), "A  oooo.."),
    Case("one who comes alone has the place", "A  ..wc..", Ask(1, accessible=1), "A  ..oc.."),
    Case(
        "exactly as many as asked: a pair with one is not put where two are",
        "A  .ww.wc",
        Ask(2, accessible=1),
        "A  .woowc",
    ),
    Case("two who use one sit by one another", "A  wc.ww..", Ask(2, accessible=2), "A  wc.oo.."),
    Case("a kept place beside is open, and is left single like any", "A  x..c", Ask(1), "A  xo.c"),
    Case("as large a group as may be about the wheelchair place", "A  wcx...", Ask(4, accessible=1), "A  11x22."),
    Case(
        "two wheelchair places apart are taken each by itself",
        """
        A  wcx...
        B  wcx...
        """,
        Ask(4, accessible=2),
        """
        A  1cx33.
        B  2cx...
        """,
        ranks="""
        A  1 2 3 4 5 6
        B  7 8 9 10 11 12
        """,
    ),
    Case("the rest of the party takes no wheelchair place", "A  wxw", Ask(2, accessible=1), NOT_ENOUGH),
    Case("nor a companion place elsewhere", "A  wxcxc", Ask(2, accessible=1), NOT_ENOUGH),
    Case("and apart would not help them", "A  wxw", Ask(2, accessible=1, together=True), NOT_ENOUGH),
    Case("a wheelchair place in standing room", "floor:\n*  w...", Ask(2, accessible=1), "*  oo.."),
    Case("fewer wheelchair places than asked for are not enough", "A  ..wc..", Ask(3, accessible=2), NOT_ENOUGH),
    Case(
        "wheelchair and friends are refused a split too", "A  wcx..", Ask(3, accessible=1, together=True), NOT_TOGETHER
    ),
]

STANDING = [
    Case(
        "standing room is together wherever it is",
        """
        floor:
        *  .x.x..
        """,
        Ask(4),
        """
        floor:
        *  oxoxoo
        """,
    ),
    Case(
        "from one's own allocation first, and on into the pool",
        """
        floor:
        *  ....
        """,
        Ask(3),
        """
        floor:
        *  oo.o
        """,
        labels="""
        floor:
        *  ...a
        """,
    ),
    Case(
        "too little standing room goes on into the next tier, and is a split",
        """
        floor:
        *  ..
        stalls:
        A  ...
        """,
        Ask(4),
        """
        floor:
        *  11
        stalls:
        A  22.
        """,
        tiers="""
        stalls:
        A  sss
        """,
    ),
    Case(
        "seats together in a later tier rather than standing room and a split",
        """
        floor:
        *  ..
        stalls:
        A  ...
        """,
        Ask(3),
        """
        floor:
        *  ..
        stalls:
        A  ooo
        """,
        tiers="""
        stalls:
        A  sss
        """,
    ),
    Case(
        "where a seat is the tier's best, seats it is",
        """
        stalls:
        A  ..
        floor:
        *  ...
        """,
        Ask(2),
        """
        stalls:
        A  oo
        floor:
        *  ...
        """,
    ),
    Case(
        "and what the seats do not hold stands",
        """
        stalls:
        A  ..
        floor:
        *  ...
        """,
        Ask(4),
        """
        stalls:
        A  11
        floor:
        *  22.
        """,
    ),
    Case(
        "no standing room is enough for more",
        """
        floor:
        *  ...
        """,
        Ask(4),
        NOT_ENOUGH,
    ),
]

EVERY = [*NEIGHBOURS, *SECTIONS_TIERS_AND_LABELS, *SPLITS, *KEPT, *STANDING]
every_case = pytest.mark.parametrize("case", EVERY, ids=str)


def drawn(case: Case) -> str:
    return case.after if case.after in (NOT_ENOUGH, NOT_TOGETHER) else tidy(case.after)


@every_case
def test_the_reference_says_so(case: Case) -> None:
    house = picture(case.before, labels=case.labels, tiers=case.tiers, ranks=case.ranks, numbers=case.numbers)

    assert reference_draws(house, case.ask) == drawn(case)


@every_case
@pytest.mark.django_db(transaction=True)
def test_the_database_says_so(case: Case, web: Channel) -> None:
    house = picture(case.before, labels=case.labels, tiers=case.tiers, ranks=case.ranks, numbers=case.numbers)
    playing = play(house, web, rule=case.ask.rule)
    before = statuses(playing.show)

    try:
        after = playing.best(case.ask)
    except DomainError as refusal:
        after = refusal.code
        assert statuses(playing.show) == before

    assert after == drawn(case)
