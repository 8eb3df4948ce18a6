"""The reads of the stock ledger, for every door alike. Each is one statement, or two where it says why.

`at` is the moment looked at, None the database's clock. What is over by then counts as over, swept or not.
"""

from inventory.queries.stock.availability import Availability, Counts, Headroom, Line, availability
from inventory.queries.stock.channels import ChannelLine, by_channel
from inventory.queries.stock.counts import counts_of
from inventory.queries.stock.geometry import Geometry, SectionShape, TierShape, geometry
from inventory.queries.stock.seats import SeatStates, seat_states

__all__ = [
    "Availability",
    "ChannelLine",
    "Counts",
    "Geometry",
    "Headroom",
    "Line",
    "SeatStates",
    "SectionShape",
    "TierShape",
    "availability",
    "by_channel",
    "counts_of",
    "geometry",
    "seat_states",
]
