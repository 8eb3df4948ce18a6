"""What the pages of the shop write in one way: money, moments, and a tier's mark."""

from __future__ import annotations

import re
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import times
from core.money import rupees as money
from core.words import counted as count_of

register = template.Library()

# As static/js/lib/marks.js draws them on the map: a circle, a square, a diamond, a hexagon, a triangle, a cross.
MARKS = (
    "M10 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16z",
    "M3 3h14v14H3z",
    "M10 1l9 9-9 9-9-9z",
    "M5.5 2h9L19 10l-4.5 8h-9L1 10z",
    "M10 1.5 19 18H1z",
    "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
)
PLAIN = "#6b7280"


@register.filter
def rupees(paise: int | None) -> str:
    """`₹1,180`, or `₹1,180.50` where there are paise: shorter lines on a phone. Empty for no price."""
    return "" if paise is None else money(paise).removesuffix(".00")


@register.filter
def moment(at: datetime) -> str:
    """`Sat 12 Dec 2026, 7:30 pm`, in India."""
    return times.day_and_time(at)


@register.filter
def clock(at: datetime) -> str:
    """`7:30 pm`, in India."""
    return times.clock(at)


@register.filter
def counted(count: int, noun: str) -> str:
    """`1 place`, `12 places`."""
    return count_of(count, noun)


@register.simple_tag
def tier_mark(mark: int, colour: str) -> SafeString:
    """A tier's shape in its colour. Colours are attributes, since the policy allows no styles inside a page."""
    fill = colour if re.fullmatch("#[0-9a-fA-F]{6}", colour) else PLAIN
    return format_html(
        '<svg class="mark" viewBox="0 0 20 20" aria-hidden="true"><path fill="{}" d="{}"/></svg>',
        fill,
        MARKS[mark % len(MARKS)],
    )
