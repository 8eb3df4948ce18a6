"""What the reads answer, and what their addresses may ask."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from rest_framework import serializers

from core.fields import MOST_ID
from inventory.models import Show

STATES = ["available", "few_left", "in_baskets", "sold_out", "not_on_sale", "paused"]


class VenueOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    city = serializers.CharField()


class ShowOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    venue = VenueOut()
    starts_at = serializers.DateTimeField(default_timezone=UTC)
    state = serializers.ChoiceField(choices=Show.State.choices)
    manifest_version = serializers.IntegerField(help_text="Goes into the address of `seats`.")
    lock_for_s = serializers.IntegerField(help_text="How long a lock lasts, in seconds.")
    most_places = serializers.IntegerField(
        source="cap_per_session", help_text="So many places may one visitor have locked at a time."
    )


class ShowsOut(serializers.Serializer[Any]):
    shows = ShowOut(many=True)


class SectionOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    is_ga = serializers.BooleanField(help_text="General admission: places without numbers.")


class TierOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    colour = serializers.CharField(allow_blank=True, help_text="#rrggbb, or empty.")


class ShowWholeOut(ShowOut):
    sections = SectionOut(many=True)
    tiers = TierOut(many=True)


class LeftOut(serializers.Serializer[Any]):
    """What is left. The staff's view adds the counts, which add up to the capacity."""

    state = serializers.ChoiceField(
        choices=STATES, help_text="`in_baskets`: nothing to buy now, but a basket may come back. Never called sold out."
    )
    left = serializers.IntegerField(help_text="Can be bought on this channel now.")
    in_baskets = serializers.IntegerField(help_text="In somebody's basket, or being paid for.")
    next_release = serializers.DateTimeField(allow_null=True, help_text="When more may come on sale here.")
    capacity = serializers.IntegerField(required=False)
    open = serializers.IntegerField(required=False)
    locked = serializers.IntegerField(required=False)
    paying = serializers.IntegerField(required=False)
    held = serializers.IntegerField(required=False)
    leased = serializers.IntegerField(required=False)
    sold = serializers.IntegerField(required=False)
    killed = serializers.IntegerField(required=False)
    frozen = serializers.BooleanField(required=False)


class SectionLeftOut(LeftOut):
    section = serializers.CharField()
    name = serializers.CharField()
    is_ga = serializers.BooleanField()


class TierLeftOut(LeftOut):
    tier = serializers.CharField()
    name = serializers.CharField()


class LineLeftOut(LeftOut):
    section = serializers.CharField()
    tier = serializers.CharField()


class AvailabilityOut(serializers.Serializer[Any]):
    channel = serializers.CharField(help_text="For which channel: yours.")
    show_state = serializers.ChoiceField(choices=Show.State.choices)
    manifest_version = serializers.IntegerField()
    total = LeftOut()
    sections = SectionLeftOut(many=True)
    tiers = TierLeftOut(many=True)
    lines = LineLeftOut(many=True, help_text="Section by tier.")


def _column(child: serializers.Field[Any, Any, Any, Any], help_text: str = "") -> serializers.ListField:
    return serializers.ListField(child=child, help_text=help_text)


class SeatsOut(serializers.Serializer[Any]):
    """Numbered seats in columns: entry n of each column is of the same seat."""

    manifest_version = serializers.IntegerField()
    sections = SectionOut(many=True)
    tiers = TierOut(many=True)
    id_steps = _column(
        serializers.IntegerField(), "The places' ids, ascending: each less the one before it, the first as it is."
    )
    section = _column(serializers.IntegerField(), "Which of `sections`, from 0.")
    tier = _column(serializers.IntegerField(), "Which of `tiers`, from 0.")
    row = _column(serializers.CharField())
    number = _column(serializers.CharField())
    x = _column(serializers.FloatField(allow_null=True))
    y = _column(serializers.FloatField(allow_null=True))
    flags = _column(serializers.IntegerField(), "1 wheelchair place, 2 companion place, 4 restricted view; added up.")


class SeatStatesOut(serializers.Serializer[Any]):
    """Either all `letters`, one a seat in the order of `seats`, or the `changes` since the version you had.

    o: can be bought here now; l: in somebody's basket; x: not to be had. The staff's view: o, n (not on sale here or
    now), l, p (being paid for), h (held), e (lent to a till), s (sold), k (not for sale).
    """

    version = serializers.CharField(help_text="Come back with it as `since`, or as If-None-Match.")
    manifest_version = serializers.IntegerField(help_text="Of the `seats` that the letters belong to.")
    letters = serializers.CharField(required=False, allow_blank=True)
    changes = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="From a seat's index to its letter now."
    )


class ExplanationIn(serializers.Serializer[Any]):
    place = serializers.IntegerField(min_value=1, max_value=MOST_ID, required=False, help_text="A place's id.")
    tier = serializers.SlugField(max_length=60, required=False, help_text="A tier's code.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) > 1:
            raise serializers.ValidationError("Ask about a place or a tier.")
        return attrs


class ReasonOut(serializers.Serializer[Any]):
    """Why not. Whose it is, who can end it and what stands behind it is for staff."""

    code = serializers.CharField()
    words = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True, default_timezone=UTC, help_text="When it ends by itself.")


class ReasonWholeOut(ReasonOut):
    owner = serializers.CharField(allow_blank=True, required=False)
    remedy = serializers.CharField(allow_blank=True, required=False)
    facts = serializers.DictField(required=False)


class ExplanationOut(serializers.Serializer[Any]):
    channel = serializers.CharField()
    is_sellable = serializers.BooleanField(
        help_text="The place, or some of the tier or of the show, can be bought now. Reasons tell of the rest."
    )
    reasons = ReasonWholeOut(
        many=True, help_text="What matters most first. `owner`, `remedy`, `facts`: staff's view only."
    )
