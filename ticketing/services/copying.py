"""Another performance with its terms and prices."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from inventory.acts import By
from inventory.models import Show, Tier
from inventory.queries import moves
from inventory.services import copying
from ticketing.models import Terms
from ticketing.queries.quotes import prices_at
from ticketing.services.pricing import set_price

ITS_OWN = {"show_id"}


@transaction.atomic
def copy_priced_show(
    *, show_id: int, title: str, slug: str, starts_at: datetime, by: By, now: datetime | None = None
) -> Show:
    """As `copy_show`, with the terms and what each tier costs now. Exceptions are not copied: each was approved for
    its own show. Raises what `copy_show` and `set_price` raise."""
    at = now or moves.database_now()
    copy = copying.copy_show(show_id=show_id, title=title, slug=slug, starts_at=starts_at, by=by, now=now)
    terms = Terms.objects.filter(show=show_id).first()
    if terms is None:
        return copy
    same = {field.attname: getattr(terms, field.attname) for field in Terms._meta.concrete_fields}
    Terms.objects.create(show=copy, **{name: value for name, value in same.items() if name not in ITS_OWN})
    tiers = {tier.code: tier.pk for tier in Tier.objects.filter(show=copy)}
    for tier in prices_at(show_id, None, at):
        if tier.price and tier.code in tiers:
            reading = tier.price.reading
            set_price(
                tier_id=tiers[tier.code],
                paise=tier.price.list_paise,
                by=by,
                reading=reading,
                reading_reason="as for the show it was copied from" if reading else "",
                now=now,
            )
    return copy
