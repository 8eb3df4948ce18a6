"""The refusals that several verbs share."""

from __future__ import annotations

from core.refusals import DomainError


class ShowUnknown(DomainError):
    code, status, message = "show_unknown", 404, "There is no such show."


class ShowNotOnSale(DomainError):
    code, message = "show_not_on_sale", "This show is not on sale at the moment."


class ChannelNotSelling(DomainError):
    code, status, message = "channel_not_selling", 403, "This channel may not sell."


class QuantityInvalid(DomainError):
    code, status, message = (
        "quantity_invalid",
        400,
        "Ask for at least one place, each of them once, and not for too many at a time.",
    )


class TierUnknown(DomainError):
    code, status, message = "tier_unknown", 404, "This show has no such tier or section."


class PlacesUnknown(DomainError):
    code, status, message = "places_unknown", 404, "Some of these places do not exist in this show."


class PlacesTaken(DomainError):
    code, message = "places_taken", "Some of these places are not open."


class PlacesNotOnSaleHere(DomainError):
    code, message = "places_not_on_sale_here", "Some of these places are not on sale on this channel now."


class NotEnoughPlaces(DomainError):
    code, message = "not_enough_places", "Fewer places are open than were asked for."


class OverCap(DomainError):
    code, status, message = "over_cap", 429, "Too many places are locked already. Finish or give back the others first."


class Busy(DomainError):
    code, status, message = "busy", 503, "Other buyers have these places in hand this very moment. Try again."


class ClaimUnknown(DomainError):
    code, status, message = "claim_unknown", 404, "There is no such lock or hold."


class ClaimEnded(DomainError):
    code, message = "claim_ended", "This lock or hold has already ended."


class NotTogether(DomainError):
    code, message = "not_together", "There are enough places, but no so many beside each other."


class PlacesStranded(DomainError):
    code, message = "places_stranded", "This choice would leave a single seat beside it. Choose one that leaves none."


class PlacesKeptAccessible(DomainError):
    code, message = (
        "places_kept_accessible",
        "Some of these are wheelchair or companion places, kept for those who ask for them.",
    )


class Frozen(DomainError):
    code, message = "frozen", "Selling is stopped here for the moment."
