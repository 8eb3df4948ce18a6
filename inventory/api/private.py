"""What a refusal may tell outside: the facts that are the asker's own business."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.refusals import DomainError
from inventory.services.refusals import ClaimUnknown

# Row numbers of the ledger, and how many places a rule keeps back, are the house's own.
OUTSIDE = {
    "accessible", "asked", "cap", "codes", "has", "holder", "live", "most", "most_paise", "open", "place_ids",
    "quantity", "state", "tiers",
}  # fmt: skip


class LockUnknown(DomainError):
    code, status, message = "lock_unknown", 404, "You have no such lock."


@contextmanager
def told_outside() -> Iterator[None]:
    """Whatever is refused inside is told in the words of a door."""
    try:
        yield
    except ClaimUnknown as unknown:
        raise LockUnknown from unknown
    except DomainError as refusal:
        refusal.facts = {name: fact for name, fact in refusal.facts.items() if name in OUTSIDE}
        raise
