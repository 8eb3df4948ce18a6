"""What places cost, before anything is locked and after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.times import day_in_india
from inventory.api.asking import asker_of
from inventory.api.finding import own_lock
from inventory.api.locks import WritingDoor
from inventory.api.reading import ReadingDoor
from inventory.services.locks import LockCommitted, LockExpired
from ticketing.api import docs
from ticketing.api.answers import CURRENCY, quote_told
from ticketing.api.finding import own_lock_held
from ticketing.queries.quotes import Taxed, TierPrice, prices_at, taxed_on
from ticketing.services.quoting import PriceBetweenBands, TaxUnsettled, quote_lines, taxes_in


class ShowPrices(ReadingDoor):
    @docs.PRICES
    def get(self, request: Request, slug: str) -> Response:
        asker, here = self.ground(slug)
        taxed = taxed_on(here.show_id, day_in_india(datetime.now(UTC)))
        prices = [_told(price, taxed) for price in prices_at(here.show_id, here.channel_id)]
        return Response({"show": slug, "channel": asker.channel, "currency": CURRENCY, "prices": prices})


class LockQuote(WritingDoor):
    @docs.QUOTE
    def get(self, request: Request, lock_id: str) -> Response:
        asker = asker_of(request)
        _, held = own_lock_held(lock_id, asker)
        if held.is_over:
            raise LockCommitted if own_lock(lock_id, asker).sale_id else LockExpired
        return Response(quote_told(held, quote_lines(held)))


def _told(tier: TierPrice, taxed: Taxed | None) -> dict[str, Any]:
    """A tier's price; none where it cannot be sold at any yet."""
    told: dict[str, Any] = {"tier": tier.code, "name": tier.name, "reason_code": "", "is_exempt": False}
    told |= dict.fromkeys(("paise", "list_paise", "rate_bp", "tax_paise"))
    if tier.price is None or taxed is None:
        return told
    try:
        split = taxes_in(tier.price.paise, tier.price.reading, taxed)
    except (PriceBetweenBands, TaxUnsettled):
        return told
    return told | {
        "paise": tier.price.paise,
        "list_paise": tier.price.list_paise,
        "reason_code": tier.price.reason_code,
        "rate_bp": split.band.rate_bp,
        "tax_paise": split.tax_paise,
        "is_exempt": split.is_exempt,
    }
