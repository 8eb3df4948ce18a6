"""For whom the demo's shows are sold, how they are taxed, and what they cost. Sellers and their numbers are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ticketing.models import Seller, Terms
from ticketing.models.prices import Reading

# No PAN has the number 0000, so these GSTINs can be nobody's.
SELLERS: dict[str, dict[str, str]] = {
    "MUM": {
        "legal_name": "Tamasha Stagecraft LLP",
        "address": "4 Lamplighter Lane, Mumbai 400001",
        "gst_status": Seller.GstStatus.REGULAR,
        "gstin": "27AABFT0000S1Z7",
        "state_code": "27",
        "support_contact": "help@tamasha.example",
    },
    "BLR": {
        "legal_name": "Tamasha Stagecraft LLP",
        "address": "11 Rain Tree Road, Bengaluru 560001",
        "gst_status": Seller.GstStatus.REGULAR,
        "gstin": "29AABFT0000S1Z3",
        "state_code": "29",
        "support_contact": "help@tamasha.example",
    },
    "TIN": {
        "legal_name": "The Tin Box Players",
        "address": "The Tin Box, Pune 411001",
        "gst_status": Seller.GstStatus.UNREGISTERED,
        "state_code": "27",
        "support_contact": "box@tinbox.example",
    },
}


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tier costs, in whole rupees, so long after selling began. `reading` where it lies between two bands."""

    tier: str
    rupees: int
    after: timedelta = timedelta(0)
    reading: Reading = Reading.PLAIN
    reading_reason: str = ""


@dataclass(frozen=True, slots=True)
class Special:
    """Another price on one channel: until the show, or until it was `ended_after` so long."""

    tier: str
    channel: str
    rupees: int
    reason_code: str
    note: str
    ended_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """On which terms a show is sold, and for how much."""

    seller: str
    category: str
    tags: Sequence[Tag]
    specials: Sequence[Special] = ()
    late_money: Terms.LateMoney = Terms.LateMoney.ACCEPT
    note_on_ticket: str = ""


def _tags(**rupees: int) -> list[Tag]:
    return [Tag(tier, price) for tier, price in rupees.items()]


ACCOUNTANT = "Taxed at 18 %: read as exempt, more than Rs 500 would be asked for. The accountant's note of October."
DAY = timedelta(days=1)
NO_LATE = Terms.LateMoney.REFUND
DEALS: dict[str, Deal] = {
    "the-last-tonga": Deal(
        "TIN",
        "performing-arts",
        _tags(front=499, standard=350),
        [Special("standard", "counter", 250, "students", "For college cards, two days only.", 2 * DAY)],
        late_money=NO_LATE,
        note_on_ticket="Doors at 18:30. Nobody is let in during an act.",
    ),
    "the-last-tonga-2": Deal("TIN", "performing-arts", _tags(front=499, standard=350), late_money=NO_LATE),
    "seven-monsoons": Deal(
        "MUM",
        "performing-arts",
        _tags(platinum=2950, gold=1770, silver=1180, balcony=500, box=3540),
        [Special("gold", "partner", 1593, "partner_rate", "Ten per cent off Gold for Tiffin Tickets, as agreed.")],
        note_on_ticket="Doors at 19:00. Large bags stay at the cloakroom.",
    ),
    # A touring company: its registration is in another state than the venue, so the tax is IGST.
    "kaleidoscope": Deal(
        "MUM",
        "concert",
        [Tag("general", 649), Tag("general", 799, 3 * DAY), *_tags(pit=3499, terrace=2499)],
        note_on_ticket="Gates at 17:00. No re-entry.",
    ),
    "raga-at-the-harbour": Deal(
        "MUM",
        "concert",
        [Tag("silver", 550, reading=Reading.UPPER, reading_reason=ACCOUNTANT),
         *_tags(platinum=1500, gold=999, balcony=300, box=2000)],
    ),
    "static-and-rain": Deal("BLR", "concert", _tags(general=1999, pit=4999, terrace=2999)),
    "paper-lanterns": Deal(
        "MUM",
        "performing-arts",
        [*_tags(platinum=2000, gold=1200, silver=800, balcony=450, box=2500), Tag("gold", 1400, 8 * DAY)],
    ),
}  # fmt: skip
