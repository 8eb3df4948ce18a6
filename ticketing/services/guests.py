"""A guest list issued whole: every guest's tickets, and which file it was, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Claim
from inventory.queries import moves
from inventory.services.choosing import tidy
from ticketing.models import Guest, GuestList
from ticketing.queries.giving import one_file_at_a_time
from ticketing.services.giving import Gift, freezes_noted, issue_complimentary

MOST_GUESTS = 10_000


class ListEmpty(DomainError):
    code, status, message = "list_empty", 400, "A guest list has a title and at least one guest."


class ListTooLong(DomainError):
    code, status, message = "list_too_long", 400, "A guest list has so many guests at the most. Make two of it."


class ListKnown(DomainError):
    """This very file has been issued for this show. `list_id` is by which list."""

    code, message = "list_known", "This very file has been issued for this show already."


@dataclass(frozen=True, slots=True)
class Invited:
    """One row of a list: what the guest is given, which row it was, and the note beside it."""

    gift: Gift
    row: int
    note: str = ""


def issue_guest_list(
    *,
    show_id: int,
    title: str,
    digest: str,
    guests: Sequence[Invited],
    by: By,
    hold_id: int | None = None,
    is_known: bool = False,
    now: datetime | None = None,
) -> GuestList:
    """Issue the tickets of a whole list, all or none; `digest` tells whether the same file was issued before.

    `is_known` says that it was, and is meant to be once more. Raises ListEmpty, ListTooLong, ListKnown, and what
    `issue_complimentary` raises.
    """
    if not guests or not title.strip():
        raise ListEmpty
    if len(guests) > MOST_GUESTS:
        raise ListTooLong(most=MOST_GUESTS, asked=len(guests))
    if not connection.in_atomic_block:
        tidy(show_id, now)
    with freezes_noted(show_id, now), transaction.atomic():
        one_file_at_a_time(show_id, digest)
        earlier = GuestList.objects.filter(show=show_id, digest=digest).first()
        if earlier is not None and not is_known:
            raise ListKnown(list_id=earlier.pk)
        order_ids = issue_complimentary(
            show_id=show_id,
            gifts=[guest.gift for guest in guests],
            by=by,
            hold_id=hold_id,
            party=title.strip(),
            now=now,
        )
        issued = GuestList.objects.create(
            show_id=show_id,
            claim_id=hold_id or _hold_of(order_ids[0]),
            title=title.strip(),
            digest=digest,
            guest_count=len(guests),
            ticket_count=sum(len(guest.gift.place_ids) for guest in guests),
            reason_code=by.reason_code,
            actor=by.actor,
            issued_at=now or moves.database_now(),
        )
        Guest.objects.bulk_create(
            Guest(guest_list=issued, order_id=order_id, row=guest.row, note=guest.note)
            for order_id, guest in zip(order_ids, guests, strict=True)
        )
        return issued


def _hold_of(order_id: int) -> int:
    """The hold that the list's places were taken into on their way out of the pool."""
    return Claim.objects.get(outcomes__sold_by=order_id).pk
