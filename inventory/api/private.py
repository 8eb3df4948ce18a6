"""What a refusal may tell outside: its facts without the ledger's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.refusals import DomainError
from inventory.services.refusals import ClaimUnknown

# Row numbers of the ledger count the house's business, and mean nothing at a door.
INSIDE = {
    "claim_id",
    "sale_id",
    "show_id",
    "channel_id",
    "tier_id",
    "section_id",
    "movement_id",
    "freeze_id",
    "rule_id",
}


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
        refusal.facts = {name: fact for name, fact in refusal.facts.items() if name not in INSIDE}
        raise
