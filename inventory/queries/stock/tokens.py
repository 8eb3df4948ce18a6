"""What a read of seats gives its reader to come back with, so that the next one tells only the difference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FORM = re.compile(r"([0-9a-f]{1,12}(?:\.[0-9a-f]{1,8}){1,17})-([0-9a-f]{1,13})-([0-9a-f]{12})", re.ASCII)
MOST_RUNNING = 16


@dataclass(frozen=True, slots=True)
class Token:
    """Where a read stood: what its `snapshot` saw, when (`at`), and by which `fingerprint` of the rules.

    `snapshot` is in PostgreSQL's own form, `xmin:xmax:running`. As text a token is letters, digits, dots and hyphens:
    fit for a URL and for an ETag; some 30 of them, and a few more for each transaction that was running.
    """

    snapshot: str
    at: datetime
    fingerprint: str

    @classmethod
    def of(cls, snapshot: str, at: datetime, fingerprint: str) -> Token:
        """With more than a few running it is taken as if nothing since the oldest of them had been seen."""
        xmin, _, running = snapshot.split(":")
        if running.count(",") >= MOST_RUNNING:
            snapshot = f"{xmin}:{xmin}:"
        return cls(snapshot, at, fingerprint)

    def __str__(self) -> str:
        xmin, xmax, running = self.snapshot.split(":")
        first = int(xmin)
        later = [int(xid) - first for xid in (xmax, *running.split(",")) if xid]
        seen = ".".join(f"{xid:x}" for xid in (first, *later))
        return f"{seen}-{(self.at - _EPOCH) // _MICROSECOND:x}-{self.fingerprint}"

    @classmethod
    def read(cls, text: str | None) -> Token | None:
        """The token of this text, or None where it is none."""
        if not (match := _FORM.fullmatch(text or "")):
            return None
        seen, microseconds, fingerprint = match.groups()
        first, *later = (int(xid, 16) for xid in seen.split("."))
        xmax, *running = (first + xid for xid in later)
        if first == 0 or sorted({*running, xmax}) != [*running, xmax]:
            return None  # PostgreSQL would not read it
        snapshot = f"{first}:{xmax}:{','.join(map(str, running))}"
        return cls(snapshot, _EPOCH + int(microseconds, 16) * _MICROSECOND, fingerprint)
