"""Who sells how much: parts that make up the whole, and one mark for each channel."""

from __future__ import annotations

import pytest

from inventory.admin.mix import MOST_CHANNELS, mixes
from inventory.queries.stock import ChannelSold


def test_a_channel_has_one_mark_in_all_mixes_and_parts_make_up_the_whole() -> None:
    whole, first, second = mixes(
        [
            ("One", "19:00", [ChannelSold(1, "Web", 6, 1), ChannelSold(2, "Counter", 2, 0)]),
            ("Two", "20:00", [ChannelSold(2, "Counter", 9, 4)]),
        ]
    )

    assert [(part.name, part.sold, part.today, part.mark) for part in whole.portions] == [
        ("Counter", 11, 4, 0),
        ("Web", 6, 1, 1),
    ]
    assert [(part.name, part.mark, part.share) for part in first.portions] == [
        ("Counter", 0, "25 %"),
        ("Web", 1, "75 %"),
    ]
    assert [(part.name, part.mark) for part in second.portions] == [("Counter", 0)]
    assert sum(part.width for part in whole.portions) == pytest.approx(100)


def test_the_smallest_of_many_channels_are_one_line_and_no_place_is_lost() -> None:
    channels = [ChannelSold(pk, f"Partner {pk}", 20 - pk, 1) for pk in range(1, 10)]

    (mix,) = mixes([("One", "19:00", channels)])

    assert len(mix.portions) == MOST_CHANNELS
    assert (mix.portions[-1].name, mix.sold, mix.today) == ("Others", sum(one.places for one in channels), 9)
