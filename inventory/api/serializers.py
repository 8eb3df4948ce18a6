"""What the doors take (`…In`) and what they answer (`…Out`)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from rest_framework import serializers

from core.fields import Code, Flag, Id, Strict, Text, Whole
from inventory.services.locking import MOST_PLACES

MOST_TIERS = 50
LONGEST_LOCK_S = 1800


class BestIn(Strict):
    """The best places there are, together if possible."""

    quantity = Whole(min_value=1, max_value=MOST_PLACES, help_text="How many places.")
    tiers = serializers.ListField(
        child=Code(),
        max_length=MOST_TIERS,
        default=list,
        help_text="Codes of tiers, the first choice first. None: any tier, in the show's order.",
    )
    section = Code(default="", allow_blank=True, help_text="Only in this section.")
    accessible = Whole(
        min_value=0, max_value=MOST_PLACES, default=0, help_text="How many of the places are wheelchair places."
    )
    together = Flag(default=False, help_text="Rather refuse than split the party.")


class LockIn(Strict):
    """Either `places`, exactly those, or `best`."""

    places = serializers.ListField(
        child=Id(), allow_empty=False, max_length=MOST_PLACES, required=False, help_text="Ids of places, each once."
    )
    accessible = Flag(
        required=False, help_text="With `places`: wheelchair places and those beside them are meant. Default false."
    )
    best = BestIn(required=False)
    lock_for_s = Whole(
        min_value=1, max_value=LONGEST_LOCK_S, required=False, help_text="A shorter lock than the show's, in seconds."
    )
    contact = Text(
        max_length=120, required=False, help_text="Only counted by: one contact holds only so many places. Not kept."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("places" in attrs) == ("best" in attrs):
            raise serializers.ValidationError("Say either places or best.")
        if "best" in attrs and "accessible" in attrs:
            raise serializers.ValidationError({"accessible": "With best, say how many: best.accessible."})
        return attrs


class ExtensionIn(Strict):
    lock_for_s = Whole(
        min_value=1,
        max_value=LONGEST_LOCK_S,
        required=False,
        help_text="So many seconds from now, within the lock's cap. Default: the show's time.",
    )


class PlaceOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    section = serializers.CharField(help_text="The section's code.")
    row = serializers.CharField(help_text="Empty for general admission.")
    number = serializers.CharField()
    tier = serializers.CharField(help_text="The tier's code.")


class LockOut(serializers.Serializer[Any]):
    """A live lock, for whoever made it. All times are the server's: set your clock by `now`."""

    id = serializers.CharField()
    show = serializers.CharField(help_text="The show's slug.")
    channel = serializers.CharField(help_text="On which channel: it came from your credential.")
    phase = serializers.ChoiceField(choices=["browsing", "paying"], help_text="`paying`: payment pending.")
    places = PlaceOut(many=True)
    locked_at = serializers.DateTimeField(default_timezone=UTC)
    expires_at = serializers.DateTimeField(default_timezone=UTC, help_text="While browsing, the places go back then.")
    hard_until = serializers.DateTimeField(
        default_timezone=UTC, help_text="No extension and no payment keeps them longer."
    )
    now = serializers.DateTimeField(default_timezone=UTC)
    seconds_left = serializers.IntegerField(help_text="Until `expires_at`, or while paying until `hard_until`.")


class LockMadeOut(LockOut):
    """The lock that was made. A repeat under the same Idempotency-Key gets this answer, `now` and all."""

    groups = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="Ids of places that are together."
    )
    is_split = serializers.BooleanField(help_text="The party does not sit together: say so before they pay.")
    strands = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of seats left single beside these. A warning."
    )
