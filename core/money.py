"""Money is whole paise. Here it becomes text, and fractions of a paisa become whole ones."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES = _BELOW_TWENTY.split()
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GROUPS = ((10_000_000, "Crore"), (100_000, "Lakh"), (1_000, "Thousand"), (100, "Hundred"))


def rupees(paise: int) -> str:
    """`₹12,34,567.50`: for people, grouped by lakh and crore. Django itself has no Indian grouping."""
    return format_currency(Decimal(paise) / 100, "INR", locale="en_IN")


def rupees_plain(paise: int) -> str:
    """`1180.00`: for UPI links and files, which know no grouping."""
    whole, part = divmod(abs(paise), 100)
    return f"{'-' if paise < 0 else ''}{whole}.{part:02d}"


def rupees_in_words(paise: int) -> str:
    """`Rupees One Thousand One Hundred Eighty and Fifty Paise Only`. Raises ValueError below zero."""
    if paise < 0:
        raise ValueError("An amount in words is not below zero.")
    whole, part = divmod(paise, 100)
    return f"Rupees {_words(whole)}{f' and {_words(part)} Paise' if part else ''} Only"


def round_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction that is not below zero; a half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _words(number: int) -> str:
    for size, name in _GROUPS:
        if number >= size:
            many, rest = divmod(number, size)
            return f"{_words(many)} {name}{f' {_words(rest)}' if rest else ''}"
    if number < 20:
        return _ONES[number].capitalize()
    tens, ones = divmod(number, 10)
    return _TENS[tens].capitalize() + (f"-{_ONES[ones]}" if ones else "")
