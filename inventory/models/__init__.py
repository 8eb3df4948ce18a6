from inventory.models.claims import Claim, Hold
from inventory.models.freezes import Freeze, FreezeRule
from inventory.models.house import Place, Section, Show, Tier, Venue
from inventory.models.incidents import Incident
from inventory.models.keys import ApiKey
from inventory.models.ladders import ReleaseStep
from inventory.models.ledger import Entry, Movement, MovementNote
from inventory.models.rules import Allocation, AllocationChannel, Channel

__all__ = [
    "Allocation",
    "AllocationChannel",
    "ApiKey",
    "Channel",
    "Claim",
    "Entry",
    "Freeze",
    "FreezeRule",
    "Hold",
    "Incident",
    "Movement",
    "MovementNote",
    "Place",
    "ReleaseStep",
    "Section",
    "Show",
    "Tier",
    "Venue",
]
