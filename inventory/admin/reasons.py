"""Reason codes in words: the ledger keeps codes, to be counted; people read what the forms said where they were chosen.

Whoever offers or writes codes says their words here: a form by its `codes`, the program's own by `know`.
"""

from __future__ import annotations

from collections.abc import Mapping

from inventory.models import Hold
from inventory.queries.holds import SET_APART

# Several forms offer these, each in its own words; what was done stands beside them wherever they are read.
SHARED = {"mistake": "By mistake", "show_changed": "The show has changed"}
_words = {
    **SHARED,
    **dict(Hold.Purpose.choices),
    SET_APART: "To be paid, or kept apart",
    "rule": "By a rule",
}


def know(codes: Mapping[str, str]) -> None:
    """From now on these codes are read as these words; one that is known keeps the words that it has."""
    for code, words in codes.items():
        _words.setdefault(code, words)


def in_words(code: str) -> str:
    """As a sentence begins: `The buyer asks for it`. A code that nobody knows reads as its own words: `Sound desk`."""
    return _words.get(code) or code[:1].upper() + code[1:].replace("_", " ")


def in_line(code: str) -> str:
    """The same further on in a line: `the buyer asks for it`, `sound desk`."""
    words = _words.get(code)
    return words[:1].lower() + words[1:] if words else code.replace("_", " ")


def codes_of(said: str) -> set[str]:
    """The codes that somebody may mean who types a code, or the words that it is read as."""
    typed = said.strip().casefold()
    return {said.strip(), typed.replace(" ", "_")} | {
        code for code, words in _words.items() if words.casefold() == typed
    }
