"""What GST asks for admission to what: the rates a new house begins with, for its accountant to sign or to change.

They are data: a migration loads them, and from then on the database says what is charged. `source` and `note` say what
a rate rests on and where it can be argued about. Rates before `SINCE` are not here, since no document we hold has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ticketing.tax.words import Band

SINCE = date(2025, 9, 22)

_ENTRY_81 = "Notification 12/2017-CT(R) entry 81; 11/2017-CT(R) entry 34 as from 22 September 2025"
_ENTRY_34 = "Notification 11/2017-CT(R) entry 34 as from 22 September 2025"

_EXEMPT_TO_500 = (Band(500_00, 0, is_exempt=True), Band(None, 1800))
_AT_18 = (Band(None, 1800),)


@dataclass(frozen=True, slots=True)
class Category:
    """One tax category. `sac` is the Services Accounting Code as printed: text, since even its length is a choice."""

    code: str
    name: str
    sac: str
    bands: tuple[Band, ...]
    source: str
    note: str = ""
    from_on: date = SINCE


CATEGORIES = (
    Category(
        "performing-arts",
        "Theatre, dance, drama, ballet, circus, planetarium",
        "999622",
        _EXEMPT_TO_500,
        _ENTRY_81,
    ),
    Category(
        "concert",
        "Concert, musical performance, pageant, award function",
        "999622",
        _EXEMPT_TO_500,
        _ENTRY_81,
        "Stand-up comedy, DJ nights, garba and melas are argued about.",
    ),
    Category("sport", "Recognised or other sporting event", "999651", _EXEMPT_TO_500, _ENTRY_81),
    Category(
        "league-sport",
        "Sporting event such as the Indian Premier League",
        "999651",
        (Band(None, 4000),),
        _ENTRY_34,
        "The text of entry 81 would exempt tickets up to ₹500; the press of September 2025 has them taxed as well.",
    ),
    Category("cinema", "Cinema", "999615", (Band(100_00, 500), Band(None, 1800)), _ENTRY_34),
    Category("amusement-park", "Theme park, water park, joy rides", "99969", _AT_18, _ENTRY_34),
    Category(
        "conference",
        "Conference, exhibition, workshop",
        "998596",
        _AT_18,
        "The general rate: entry 81 does not name them",
        "A rate of its own may apply.",
    ),
    Category("other", "Other admission", "9996", _AT_18, _ENTRY_34, "The residual rate of entry 34."),
    Category(
        "booking-fee",
        "Booking or convenience fee",
        "9985",
        _AT_18,
        "The general rate, even where the ticket is exempt",
        "One that nobody can avoid may count as part of the admission (CGST Act, s.15(2)(c)); then it is no line of "
        "its own, and may lift a ticket over its threshold.",
    ),
)
