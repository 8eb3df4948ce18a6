"""The reads of the stock ledger, for every door alike. Each is one statement, or two where it says why.

`at` is the moment looked at, None the database's clock. What is over by then counts as over, swept or not.
"""

from inventory.queries.stock.availability import Availability, Counts, Headroom, Line, availability
from inventory.queries.stock.board import Board, BoardLine, Part, RuleLine, board
from inventory.queries.stock.channels import ChannelLine, by_channel
from inventory.queries.stock.coming import Coming, coming
from inventory.queries.stock.counts import counts_of
from inventory.queries.stock.evening import ChannelSold, House, SectionStock, evening
from inventory.queries.stock.explain import explain_channel, explain_part, explain_place, explain_tier
from inventory.queries.stock.exposure import Exposed, Exposure, Watched, exposure, watched
from inventory.queries.stock.geometry import Geometry, SectionShape, TierShape, geometry, in_columns
from inventory.queries.stock.labels import by_label
from inventory.queries.stock.reasons import Reason
from inventory.queries.stock.releasing import Releasing, Target, releasing
from inventory.queries.stock.seats import SeatStates, seat_states
from inventory.queries.stock.statement import Posting, Statement, statement

__all__ = [
    "Availability",
    "Board",
    "BoardLine",
    "ChannelLine",
    "ChannelSold",
    "Coming",
    "Counts",
    "Exposed",
    "Exposure",
    "Geometry",
    "Headroom",
    "House",
    "Line",
    "Part",
    "Posting",
    "Reason",
    "Releasing",
    "RuleLine",
    "SeatStates",
    "SectionShape",
    "SectionStock",
    "Statement",
    "Target",
    "TierShape",
    "Watched",
    "availability",
    "board",
    "by_channel",
    "by_label",
    "coming",
    "counts_of",
    "evening",
    "explain_channel",
    "explain_part",
    "explain_place",
    "explain_tier",
    "exposure",
    "geometry",
    "in_columns",
    "releasing",
    "seat_states",
    "statement",
    "watched",
]
