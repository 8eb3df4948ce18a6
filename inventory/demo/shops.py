"""What becomes of the demo's locks. The ledger alone makes sales of them; a layer above that takes money does more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inventory.acts import By
from inventory.models import Channel, Show
from inventory.services import locks
from inventory.services.locking import Lock
from inventory.services.sales import return_sold
from inventory.services.sweep import expire_locks


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with places locked: of which show, on which channel, and whose act it is."""

    show: Show
    channel: Channel
    by: By
    lock: Lock


Come = Callable[[str, datetime], Visit | None]
"""Somebody comes on the channel of this code at a moment and locks what there is; None where nothing suits them."""


class Shop(Protocol):
    """The acts that follow a lock, each at a moment of the demo's past."""

    def open(self, show: Show, manager: By, at: datetime) -> None:
        """All is ready but the selling: the first buyer comes after this."""

    def begin_payment(self, visit: Visit, at: datetime, *, will_be_paid: bool) -> None: ...

    def fail_payment(self, visit: Visit, at: datetime) -> None:
        """The payment came to nothing; another may begin."""

    def sell(self, visit: Visit, at: datetime) -> None:
        """It is paid for: its places are sold."""

    def run_out(self, visit: Visit) -> None:
        """Its time runs out before anything is paid."""

    def take_back(self, visit: Visit, because: By, at: datetime) -> None:
        """What was sold is brought back."""

    def go_wrong(self, show: Show, come: Come, now: datetime) -> None:
        """Whatever else happens in a show's last hour, to people who `come` for that."""


class NoMoney:
    """The ledger by itself: a sale is a lock that was committed."""

    def open(self, show: Show, manager: By, at: datetime) -> None:
        pass

    def begin_payment(self, visit: Visit, at: datetime, *, will_be_paid: bool) -> None:
        locks.begin_payment(claim_id=visit.lock.claim_id, by=visit.by, now=at)

    def fail_payment(self, visit: Visit, at: datetime) -> None:
        locks.end_payment(claim_id=visit.lock.claim_id, by=visit.by, now=at)

    def sell(self, visit: Visit, at: datetime) -> None:
        reference = f"DEMO-{visit.lock.claim_id:06}"
        locks.commit_lock(claim_id=visit.lock.claim_id, by=visit.by, reference=reference, now=at)

    def run_out(self, visit: Visit) -> None:
        expire_locks(show_id=visit.show.pk, claim_ids=[visit.lock.claim_id], now=visit.lock.expires_at)

    def take_back(self, visit: Visit, because: By, at: datetime) -> None:
        return_sold(show_id=visit.show.pk, place_ids=visit.lock.place_ids, by=because, now=at)

    def go_wrong(self, show: Show, come: Come, now: datetime) -> None:
        pass
