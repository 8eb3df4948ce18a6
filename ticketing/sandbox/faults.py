"""What goes wrong on purpose: by operation, a number of times, in the order in which it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Kind(StrEnum):
    """How an answer goes wrong. `…_before`: nothing was done. `…_after`: it was done, and the caller cannot know."""

    TOO_MANY = "429"
    SERVER_ERROR = "500"
    PAGE = "html_502"
    REFUSED = "refused"
    CONFLICT = "409"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    LOST_BEFORE = "lost_before"
    """The answer breaks off in the middle: a timeout without the waiting."""
    LOST_AFTER = "lost_after"
    ERROR_AFTER = "500_after"
    SLOW = "slow"
    # Of webhooks:
    DROP = "drop"
    COPIES = "copies"
    HOLD = "hold"
    DELAY = "delay"
    WRONG_SIGNATURE = "wrong_signature"
    OLD_SECRET = "old_secret"  # noqa: S105  the name of a fault
    NON_ASCII_SIGNATURE = "non_ascii_signature"
    NO_SIGNATURE = "no_signature"


@dataclass
class Fault:
    """`value` is seconds for what is slow, delayed or times out, a number for copies, a sentence for a refusal."""

    operation: str
    """As `refund.create`, or of webhooks `webhook.payment.captured`; `*` stands for anything."""
    kind: Kind
    times: int = 1
    value: float | str | None = None

    def seconds(self, otherwise: float) -> float:
        return float(self.value) if self.value is not None else otherwise


class Faults:
    """Those still to come."""

    def __init__(self) -> None:
        self._wanted: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._wanted.append(fault)

    def clear(self) -> None:
        self._wanted.clear()

    def take(self, operation: str) -> Fault | None:
        """The first that fits, which is used up by it."""
        if not self._wanted:
            return None
        for fault in self._wanted:
            if fnmatchcase(operation, fault.operation):
                fault.times -= 1
                if fault.times < 1:
                    self._wanted.remove(fault)
                return fault
        return None
