"""What the shop says: of a state in a word or two, of a refusal in a sentence that tells what to do."""

from __future__ import annotations

from datetime import datetime

from core.refusals import DomainError
from core.times import day_and_time
from core.words import counted

# By the words of the API (`inventory.api.availability.state_of`).
STATES = {
    "available": "Available",
    "few_left": "Last few",
    "in_baskets": "All in baskets",
    "sold_out": "House full",
    "not_on_sale": "Not on sale",
    "paused": "Stopped for the moment",
}


def left_words(state: str, left: int, in_baskets: int, next_release: datetime | None) -> str:
    """What there is, in a few words. A locked place is not sold, and a stopped sale is not the end."""
    if state in ("available", "few_left"):
        return f"{left:,} left"
    if state == "in_baskets":
        return f"none left now, {in_baskets:,} in baskets may come back"
    if next_release and state in ("not_on_sale", "sold_out"):
        return f"more on sale {day_and_time(next_release)}"
    return {
        "sold_out": "all sold",
        "paused": "selling is stopped, try later",
        "not_on_sale": "not on sale here now",
    }[state]


# For codes whose own message does not tell a buyer what to do.
_TO_DO = {
    "over_cap": "You have as many places in baskets as one buyer may. Finish or give back the others first.",
    "busy": "Other buyers have the last places in hand at this very moment. Try again in a few seconds.",
    "places_taken": "Somebody was quicker with some of these places. Choose others.",
    "not_together": "There are enough places, but not so many beside each other. Allow a split, or ask for fewer.",
    "places_stranded": "This would leave a single seat alone beside yours. Move along by one seat.",
    "frozen": "Selling is stopped here for the moment. It is not sold out: try again later.",
    "show_not_on_sale": "This show is not on sale at the moment.",
    "quantity_invalid": "Say how many places you want.",
    "places_not_on_sale_here": "Some of these places are not on sale here now. Choose others.",
    "too_many_for_contact": "With this mobile number or e-mail as many tickets were bought as one person may have.",
    "lock_expired": "The time ran out and the places were given back. Choose again.",
    "lock_at_its_cap": "These places cannot be kept any longer. Pay now, or give them back.",
    "too_late_to_pay": "Too little time is left to pay for these places. Give them back and choose again.",
    "throttled": "Too many requests came from you. Wait a minute.",
}


def what_to_do(refusal: DomainError) -> str:
    """The refusal as a buyer should read it."""
    if refusal.code == "not_enough_places":
        left = int(refusal.facts.get("open", 0))
        if left:
            return f"Only {counted(left, 'place')} of this kind {'is' if left == 1 else 'are'} left. Ask for fewer."
        return "Nothing of this kind is left now. Choose another price, or look again: baskets come back."
    return _TO_DO.get(refusal.code, refusal.text)
