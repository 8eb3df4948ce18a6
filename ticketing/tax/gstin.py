"""Whether a GSTIN is one: its shape, its state and its check character. Whether it is active, only the portal knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ticketing.tax.states import STATES

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGULAR = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
# Registrations that are no seller's or buyer's of the usual kind. Their check characters are not known to follow the
# same rule, so they are taken as they are.
_OTHERS = {
    "UIN of an embassy or a body of the United Nations": re.compile(r"\d{4}[A-Z]{3}\d{5}[UO]N[0-9A-Z]"),
    "registration of one who deducts tax at source": re.compile(r"\d{2}[A-Z]{4}[0-9A-Z]\d{4}[A-Z][1-9A-Z]D[0-9A-Z]"),
    "registration of one who collects tax at source": re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]C[0-9A-Z]"),
    "registration of one who is not resident": re.compile(r"\d{4}[A-Z]{3}\d{5}(?:NR|OS)[0-9A-Z]"),
}


class GstinInvalid(ValueError):
    """No GSTIN; the message says what is wrong with it."""

    code: ClassVar[str] = "gstin_invalid"


@dataclass(frozen=True, slots=True)
class Gstin:
    """A GSTIN in capitals, the two digits of its state, and what a person should be told about it ('' if nothing)."""

    text: str
    state: str
    warning: str = ""


def read_gstin(text: str) -> Gstin:
    """A GSTIN, however it is spaced and in whatever case. Raises GstinInvalid."""
    text = re.sub(r"\s", "", text).upper()
    if not text.isascii():
        raise GstinInvalid("A GSTIN has letters from A to Z and digits only.")
    if text[:2] not in STATES:
        raise GstinInvalid("The first two digits of a GSTIN are a state's.")
    for what, shape in _OTHERS.items():
        if shape.fullmatch(text):
            return Gstin(text, text[:2], f"This is the {what}. It cannot be checked here.")
    if not _REGULAR.fullmatch(text):
        raise GstinInvalid("A GSTIN has 15 characters, such as 27AAPFU0939F1ZV.")
    if text[-1] != check_character(text[:-1]):
        raise GstinInvalid("This GSTIN is mistyped: its last character does not fit the others.")
    return Gstin(text, text[:2])


def check_character(first: str) -> str:
    """The last character, from the fourteen before it: base 36, weights 1, 2, 1, 2 …, the digits of each product."""
    total = 0
    for place, character in enumerate(first):
        product = _DIGITS.index(character) * (1 + place % 2)
        total += product // 36 + product % 36
    return _DIGITS[-total % 36]
