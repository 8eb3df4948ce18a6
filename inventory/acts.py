"""Who acts, who asks, and which places: the small values that every verb takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class By:
    """Whose act it is: `actor` as `user:7`, `session:…` or `system:sweep`; the channel, where one asked; why.

    `reason_code` is for counting, `note` is free text and lies in an erasable row beside the movement.
    """

    actor: str
    channel_id: int | None = None
    reason_code: str = ""
    note: str = ""


SYSTEM = By(actor="system:housekeeping")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a lock's places count against. Each is optional; only keyed digests of them are stored."""

    session: str = ""
    address: str = ""
    contact: str = ""

    def digests(self) -> dict[str, str]:
        """`session`, `address` and `contact` as 32 hexadecimal digits, or '' where not given."""
        return {name: _digest(name, getattr(self, name)) for name in self.__slots__}


def _digest(name: str, value: str) -> str:
    if not value:
        return ""
    return salted_hmac(f"inventory.holder.{name}", value.strip().casefold(), algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Seats:
    """Exactly these places. `accessible` says that wheelchair places and those beside them are asked for."""

    place_ids: Sequence[int]
    accessible: bool = False

    @property
    def quantity(self) -> int:
        return len(set(self.place_ids))


@dataclass(frozen=True, slots=True)
class Admissions:
    """This many places of a tier, whichever come first; of one section only, if given."""

    tier_id: int
    quantity: int
    section_id: int | None = None


@dataclass(frozen=True, slots=True)
class Best:
    """This many places together, the best there are: of these tiers in this order (all, by their order, if none).

    `accessible` of them are wheelchair places; companion places come only with those. `together` refuses a split.
    """

    quantity: int
    tier_ids: Sequence[int] = ()
    section_id: int | None = None
    accessible: int = 0
    together: bool = False


Wanted = Seats | Admissions
