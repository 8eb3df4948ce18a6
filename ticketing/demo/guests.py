"""The demo's guests: tickets given out of holds, a small guest list, and a party that has ordered and not paid yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from inventory.acts import By
from inventory.models import Hold, Place, Show
from ticketing.models import Complimentary
from ticketing.services.giving import Gift, issue_complimentary
from ticketing.services.guests import Invited, issue_guest_list
from ticketing.services.ordering import order_from_hold

SHOWS = ("the-last-tonga", "seven-monsoons")
TO = Complimentary.Recipient
# Whom the list invites, how many each, how they are reached, and what stands beside the name.
FAMILIES = (
    ("Family of the lead", 2, "lead@company.example", "arrives late"),
    ("Family of the tonga driver", 2, "driver@company.example", ""),
    ("Family of the drummer", 1, "", "collects at the desk"),
    ("Family of the lights", 2, "lights@company.example", ""),
    ("Costume's guests", 1, "98200 00001", "side entrance"),
)


def invite(show: Show, manager: By, now: datetime) -> None:
    """In tonight's theatre shows, out of whichever of these holds they have: of each the best places."""
    if show.slug not in SHOWS:
        return
    if found := _places(show, Hold.Purpose.ARTIST, sum(count for _, count, _, _ in FAMILIES)):
        _list(show, *found, manager, now - timedelta(days=1))
    if found := _places(show, Hold.Purpose.HOUSE, 2):
        hold, place_ids = found
        gift = Gift(place_ids, TO.HOUSE, "Guests of the duty manager", "")
        by = By(manager.actor, reason_code="goodwill", note="Their matinee was cut short by the rain.")
        issue_complimentary(show_id=show.pk, gifts=[gift], hold_id=hold.pk, by=by, now=now - timedelta(hours=5))
    if found := _places(show, Hold.Purpose.CORPORATE, 12):
        hold, place_ids = found
        party = {"contact": hold.contact, "name": hold.party}
        by = By(manager.actor, note="They pay by transfer against our letter.")
        order_from_hold(hold_id=hold.pk, place_ids=place_ids, by=by, now=now - timedelta(days=2), **party)


def _places(show: Show, purpose: str, quantity: int) -> tuple[Hold, list[int]] | None:
    """The show's hold of this purpose, and so many of its places."""
    hold = Hold.objects.filter(claim__show=show, claim__ended_at=None, purpose=purpose).order_by("pk").first()
    if hold is None:
        return None
    held = Place.objects.filter(claim=hold.claim, status=Place.Status.HELD).order_by("rank", "pk")
    found = list(held.values_list("pk", flat=True)[:quantity])
    return (hold, found) if len(found) == quantity else None


def _list(show: Show, hold: Hold, place_ids: list[int], manager: By, at: datetime) -> None:
    guests, first = [], 0
    for row, (name, count, contact, note) in enumerate(FAMILIES, start=2):
        stored = contact if "@" in contact else f"+91{contact.replace(' ', '')}" if contact else ""
        gift = Gift(place_ids[first : first + count], TO.ARTIST, name, stored)
        guests.append(Invited(gift, row, note))
        first += count
    issue_guest_list(
        show_id=show.pk,
        title="The company's families",
        digest="0" * 64,
        guests=guests,
        by=By(manager.actor, reason_code="artists_guests"),
        hold_id=hold.pk,
        now=at,
    )
