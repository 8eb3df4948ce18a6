from inventory.models.claims import Claim, Hold
from inventory.models.house import Place, Section, Show, Tier, Venue
from inventory.models.ledger import Entry, Movement, MovementNote
from inventory.models.rules import Allocation, AllocationChannel, Channel

__all__ = [
    "Allocation",
    "AllocationChannel",
    "Channel",
    "Claim",
    "Entry",
    "Hold",
    "Movement",
    "MovementNote",
    "Place",
    "Section",
    "Show",
    "Tier",
    "Venue",
]
