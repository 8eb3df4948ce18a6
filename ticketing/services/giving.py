"""Complimentary tickets: places out of a hold or out of the open pool, for nothing, with to whom and why.

A free admission has no consideration, so there is no tax in its line and no document; what the place would have cost is
its line's price (docs/adr/0024).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from core.callers import Caller
from core.contacts import counted_as
from core.refusals import DomainError
from inventory.acts import By, Holder, Seats
from inventory.models import Channel, Claim, Hold, Place, Show
from inventory.queries.freezes import freezes_over
from inventory.services.choosing import tidy
from inventory.services.holds import place_hold
from inventory.services.incidents import note_refused_by_freeze
from inventory.services.refusals import Frozen, ShowUnknown
from inventory.services.selling import HoldSale, sell_from_hold
from ticketing.models import Complimentary, Terms
from ticketing.queries.giving import NewGift, give, next_orders
from ticketing.queries.quotes import prices_at
from ticketing.services.cancelling import ReasonMissing
from ticketing.services.quoting import NotPriced

# A list of thousands leaves by and by: whoever has just paid does not wait behind it for his tickets.
LETTERS_S = 1


class GiftIncomplete(DomainError):
    code, status, message = "gift_incomplete", 400, "Say to what kind of guest each ticket is given."


class ShowCancelled(DomainError):
    code, message = "show_cancelled", "This show is cancelled: there is nothing to be let in to."


class NoHouseChannel(DomainError):
    code, message = "no_house_channel", "There is no counter among the channels, and the house gives over its counter."


@dataclass(frozen=True, slots=True)
class Gift:
    """These places for one guest: one order. `contact` is one, as `core.contacts` writes it."""

    place_ids: Sequence[int]
    recipient: str
    name: str = ""
    contact: str = ""


@contextmanager
def freezes_noted(show_id: int, now: datetime | None = None) -> Iterator[None]:
    """What a freeze refuses in here leaves an incident, once the refused transaction is over.

    Inside somebody's transaction it is left to whoever began that: an incident written there goes with it.
    """
    try:
        yield
    except Frozen as refusal:
        if not connection.in_atomic_block:
            note_refused_by_freeze(
                show_id=show_id, channel_id=house_channel(), freeze_ids=refusal.facts.get("freezes", ()), at=now
            )
        raise


def issue_complimentary(
    *,
    show_id: int,
    gifts: Sequence[Gift],
    by: By,
    hold_id: int | None = None,
    party: str = "Complimentary",
    now: datetime | None = None,
) -> list[int]:
    """Give these places to these guests, all or none, out of a hold or out of the pool; their orders' ids.

    What is given out of the pool is held for `party` and given in one act, and obeys freezes as any sale; no cap, no
    rule's line, no allocation and no state of the show but cancelled stands in the house's own way. Tickets are good at
    once, and mailed where there is an address. A freeze that refuses leaves an incident.

    Raises GiftIncomplete, ReasonMissing, ShowUnknown, ShowCancelled, NotPriced, Frozen, NoHouseChannel, and what
    `place_hold` and `sell_from_hold` raise.
    """
    if not by.reason_code:
        raise ReasonMissing
    if not gifts or any(gift.recipient not in Complimentary.Recipient.values for gift in gifts):
        raise GiftIncomplete(recipients=sorted({gift.recipient for gift in gifts}))
    if not connection.in_atomic_block:
        tidy(show_id, now)
    with freezes_noted(show_id, now), transaction.atomic():
        channel_id = house_channel()
        by = replace(by, channel_id=channel_id)
        place_ids = [place_id for gift in gifts for place_id in gift.place_ids]
        claim_id = hold_id or _hold(show_id, channel_id, place_ids, gifts, party, by, now)
        if not Claim.objects.filter(pk=claim_id, show_id=show_id).exists():
            raise ShowUnknown(show_id=show_id)
        prices = _prices(show_id, channel_id, place_ids)
        order_ids = next_orders(len(gifts))
        sales = [HoldSale(gift.place_ids, f"order:{pk}") for pk, gift in zip(order_ids, gifts, strict=True)]
        sale_ids = sell_from_hold(claim_id=claim_id, sales=sales, channel_id=channel_id, by=by, now=now)
        # Asked with the show's lock in hand: whoever cancels a show has it alone.
        if Show.objects.filter(pk=show_id, state=Show.State.CANCELLED).exists():
            raise ShowCancelled
        orders = list(zip(order_ids, sale_ids, gifts, strict=True))
        give(
            show_id=show_id,
            channel_id=channel_id,
            buyer=house_buyer(by),
            actor=by.actor,
            reason_code=by.reason_code,
            sac=Terms.objects.filter(show=show_id).values_list("category__sac", flat=True).first() or "",
            gifts=[_written(*order, nth * LETTERS_S) for nth, order in enumerate(orders)],
            lines=[
                {"order_id": order_id, "place_id": place_id, **prices[place_id]}
                for order_id, _, gift in orders
                for place_id in gift.place_ids
            ],
            now=now,
        )
        return order_ids


def house_channel() -> int:
    """Over which channel the house itself gives and sells: its counter. Raises NoHouseChannel."""
    counter = Channel.objects.filter(kind=Channel.Kind.COUNTER).order_by("-is_active", "pk").first()
    if counter is None:
        raise NoHouseChannel
    channel_id: int = counter.pk
    return channel_id


def house_buyer(by: By) -> str:
    """Whose the house's own orders are: nobody's at a door. Whoever gave them sees only what he sold at the counter."""
    return Caller("house", f"house:{by.actor}", "").digest()


def _hold(
    show_id: int,
    channel_id: int,
    place_ids: Sequence[int],
    gifts: Sequence[Gift],
    party: str,
    by: By,
    now: datetime | None,
) -> int:
    """Take open places out of the pool for this one act. No freeze comes or goes while the show's lock is shared."""
    classes = {gift.recipient for gift in gifts}
    purpose = classes.pop() if len(classes) == 1 else Hold.Purpose.HOUSE
    hold = place_hold(
        show_id=show_id,
        wanted=Seats(place_ids),
        purpose=purpose if purpose in Hold.Purpose.values else Hold.Purpose.HOUSE,
        party=party,
        by=by,
        now=now,
    )
    if freezes := freezes_over(show_id, channel_id, place_ids):
        raise Frozen(freezes=freezes)
    return hold.claim_id


def _prices(show_id: int, channel_id: int, place_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What each place would have cost: its tier and that tier's price. Raises NotPriced."""
    prices = {tier.tier_id: tier.price.price_id for tier in prices_at(show_id, channel_id) if tier.price}
    tiers = dict(Place.objects.filter(pk__in=place_ids, show=show_id).values_list("pk", "tier_id"))
    if unpriced := sorted(set(tiers.values()) - set(prices)):
        raise NotPriced(tiers=unpriced)
    return {place_id: {"tier_id": tier_id, "price_id": prices[tier_id]} for place_id, tier_id in tiers.items()}


def _written(order_id: int, sale_id: int, gift: Gift, after_s: int) -> NewGift:
    return NewGift(
        order_id=order_id,
        sale_id=sale_id,
        recipient=gift.recipient,
        name=gift.name,
        contact=gift.contact,
        digest=Holder(contact=counted_as(gift.contact)).digests()["contact"],
        quantity=len(gift.place_ids),
        after_s=after_s,
    )
