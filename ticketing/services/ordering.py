"""Selling out of a hold, paid later: an order over places that stay held for its party until the money is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core.contacts import counted_as
from core.times import day_in_india
from inventory.acts import By, Holder
from inventory.models import Place, Show
from inventory.queries import moves
from inventory.queries.doors import Label
from inventory.services.refusals import QuantityInvalid
from inventory.services.selling import set_apart
from ticketing.models import Order, OrderContact, OrderLine
from ticketing.queries.giving import next_orders
from ticketing.queries.quotes import prices_at, taxed_on
from ticketing.services.giving import ShowCancelled, house_buyer, house_channel
from ticketing.services.quoting import LineQuote, NotPriced, taxes_in


@transaction.atomic
def order_from_hold(
    *, hold_id: int, place_ids: Sequence[int], by: By, contact: str = "", name: str = "", now: datetime | None = None
) -> Order:
    """Order these places of a hold for its party, at what the house's counter asks now. Paid later, by `pay_by_tender`.

    They go into a hold of the order's own: no ladder, no end and nobody who breaks holds gives them away. Tickets are
    issued with the money. Raises NotPriced, PriceBetweenBands, TaxUnsettled, ShowCancelled, NoHouseChannel and what
    `set_apart` raises.
    """
    if not place_ids or len(set(place_ids)) < len(place_ids):
        raise QuantityInvalid(quantity=len(place_ids))
    channel_id = house_channel()
    by = replace(by, channel_id=channel_id)
    (order_id,) = next_orders(1)
    hold = set_apart(claim_id=hold_id, place_ids=place_ids, reference=f"order:{order_id}", by=by, now=now)
    show_id = hold.claim.show_id
    if Show.objects.filter(pk=show_id, state=Show.State.CANCELLED).exists():
        raise ShowCancelled
    at = now or moves.database_now()
    lines, sac = _quote(show_id, channel_id, place_ids, at)
    order = Order.objects.create(
        pk=order_id,
        show_id=show_id,
        channel_id=channel_id,
        lock=hold.claim,
        total_paise=sum(line.paise for line in lines),
        quantity=len(lines),
        buyer=house_buyer(by),
        actor=by.actor,
        contact_digest=Holder(contact=counted_as(contact)).digests()["contact"],
        placed_at=at,
    )
    OrderLine.objects.bulk_create(_line(order, line, sac) for line in lines)
    if contact or name:
        OrderContact.objects.create(order=order, contact=contact, name=name)
    return order


def _quote(show_id: int, channel_id: int, place_ids: Sequence[int], at: datetime) -> tuple[list[LineQuote], str]:
    taxed = taxed_on(show_id, day_in_india(at))
    prices = {tier.tier_id: tier.price for tier in prices_at(show_id, channel_id, at)}
    places = Place.objects.filter(pk__in=place_ids).select_related("section", "tier").order_by("rank", "pk")
    lines = []
    for place in places:
        price = prices.get(place.tier_id)
        if price is None or taxed is None:
            raise NotPriced(tiers=[place.tier_id])
        label = Label(place.pk, place.section.code, place.row, place.number, place.tier.code)
        lines.append(LineQuote(label, place.tier_id, price, taxes_in(price.paise, price.reading, taxed)))
    return lines, taxed.sac if taxed else ""


def _line(order: Order, line: LineQuote, sac: str) -> OrderLine:
    taxes = line.split
    return OrderLine(
        order=order,
        place_id=line.place.id,
        tier_id=line.tier_id,
        price_id=line.price.price_id,
        exception_id=line.price.exception_id,
        paise=line.paise,
        net_paise=taxes.net_paise,
        cgst_paise=taxes.paise("cgst"),
        sgst_paise=taxes.paise("sgst") + taxes.paise("utgst"),
        igst_paise=taxes.paise("igst"),
        local_tax_paise=taxes.paise("local"),
        rate_bp=taxes.band.rate_bp if taxes.tax_paise > taxes.paise("local") else 0,
        is_exempt=taxes.is_exempt,
        sac=sac,
    )
