"""What a read of seats gives its reader to come back with, so that the next one tells only the difference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FORM = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{1,13})-([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """Where a read stood: no transaction below `xmin` was still running, it was `at`, and by which `fingerprint`.

    As text it is at most 39 letters, digits and hyphens: fit for a URL and for an ETag.
    """

    xmin: int
    at: datetime
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.xmin:x}-{(self.at - _EPOCH) // _MICROSECOND:x}-{self.fingerprint}"

    @classmethod
    def read(cls, text: str | None) -> Token | None:
        """The token of this text, or None where it is none."""
        if not (match := _FORM.fullmatch(text or "")):
            return None
        xmin, microseconds, fingerprint = match.groups()
        return cls(int(xmin, 16), _EPOCH + int(microseconds, 16) * _MICROSECOND, fingerprint)
