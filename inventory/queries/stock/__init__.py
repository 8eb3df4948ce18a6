"""The reads of the stock ledger, for every door alike. Each is one statement, or two where it says why.

`at` is the moment looked at, None the database's clock. What is over by then counts as over, swept or not.
"""

from inventory.queries.stock.availability import Availability, Counts, Headroom, Line, availability
from inventory.queries.stock.board import Board, BoardLine, Part, RuleLine, board
from inventory.queries.stock.channels import ChannelLine, by_channel
from inventory.queries.stock.coming import Coming, coming
from inventory.queries.stock.counts import counts_of
from inventory.queries.stock.explain import explain_channel, explain_part, explain_place, explain_tier
from inventory.queries.stock.exposure import Exposed, Exposure, exposure
from inventory.queries.stock.geometry import Geometry, SectionShape, TierShape, geometry, in_columns
from inventory.queries.stock.labels import by_label
from inventory.queries.stock.reasons import Reason
from inventory.queries.stock.seats import SeatStates, seat_states
from inventory.queries.stock.statement import Posting, Statement, statement

__all__ = [
    "Availability",
    "Board",
    "BoardLine",
    "ChannelLine",
    "Coming",
    "Counts",
    "Exposed",
    "Exposure",
    "Geometry",
    "Headroom",
    "Line",
    "Part",
    "Posting",
    "Reason",
    "RuleLine",
    "SeatStates",
    "SectionShape",
    "Statement",
    "TierShape",
    "availability",
    "board",
    "by_channel",
    "by_label",
    "coming",
    "counts_of",
    "explain_channel",
    "explain_part",
    "explain_place",
    "explain_tier",
    "exposure",
    "geometry",
    "in_columns",
    "seat_states",
    "statement",
]
