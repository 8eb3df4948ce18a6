"""Names in a manifest: how long they may be, what they may contain, and the code each one gets."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator

from inventory.manifest.faults import Faults

NAME_MAX = 60  # section and tier names, characters
CODE_MAX = 40
ROW_MAX = 12
NUMBER_MAX = 12
COORDINATE_MAX = 1_000_000.0  # either way from 0, in the file's unit

# Control characters, line separators, bidirectional overrides and lone surrogates: none can be printed on a ticket, and
# PostgreSQL takes neither NUL nor a surrogate. The joiners U+200C and U+200D stay, for Indian scripts need them.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_COLOUR = re.compile("#[0-9a-f]{6}")


def normal(text: str) -> str:
    """`text` in Unicode's composed form (NFC), so that two ways to type one letter are one name."""
    return unicodedata.normalize("NFC", text)


def code_of(name: str) -> str:
    """The code of a section or tier name: `Balcony Left` is `balcony-left`, at most 40 of `a-z`, `0-9` and `-`.

    A name that ASCII cannot spell, or a long one, ends in the CRC-32 of the name, so that it still has a code of its
    own and the same one in every file.
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    slug = re.sub("[^a-z0-9]+", "-", letters.lower()).strip("-")
    is_spelled = all(c.isascii() or not c.isalnum() for c in letters)
    if slug and is_spelled and len(slug) <= CODE_MAX:
        return slug
    mark = f"{zlib.crc32(name.encode('utf-8', 'backslashreplace')):08x}"
    return f"{slug[: CODE_MAX - len(mark) - 1].rstrip('-')}-{mark}".lstrip("-")


def colour_of(text: str) -> str | None:
    """`#rrggbb` in small letters, or None where `text` is anything else."""
    small = text.lower()
    return small if _COLOUR.fullmatch(small) else None


def short(text: str) -> str:
    """`text` in quotation marks for a message, cut to forty characters."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


class NameBook:
    """The names of one kind (`section` or `tier`) in file order, with the code of each.

    What is wrong with a name goes to `faults` once, where the name first stands, however often it is used.
    """

    def __init__(self, kind: str, faults: Faults) -> None:
        self._names: dict[str, str] = {}  # code: name
        self._kind = kind
        self._faults = faults
        self._codes: dict[str, str] = {}  # name: code
        self._first: dict[str, str] = {}  # code: where

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each code and its name, in file order."""
        return iter(self._names.items())

    def code(self, name: str, where: str) -> str:
        """The code of `name`; a bad name gets one too, for the rest of its line is still to be checked."""
        return self._codes.get(name) or self._enter(name, where)

    def _enter(self, name: str, where: str) -> str:
        code = self._codes[name] = code_of(name)
        if len(name) > NAME_MAX:
            message = f"the {self._kind} name is {len(name)} characters long; the most is {NAME_MAX}"
            self._faults.add(where, "name_too_long", message)
        elif code in self._names:
            other, at = self._names[code], self._first[code]
            both = f"{short(name)} and {short(other)} ({at})"
            message = f"the {self._kind} names {both} would share the code {code}: spell them alike"
            self._faults.add(where, "name_collision", message)
        self._names.setdefault(code, name)
        self._first.setdefault(code, where)
        return code
