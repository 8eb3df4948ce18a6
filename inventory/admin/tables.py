"""The rows that hang below a fact: a place's history, a claim's places, a movement's entries. Each is capped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from inventory.admin import words
from inventory.admin.links import link, list_of, to
from inventory.models import Allocation, Claim, Entry, Movement, Place, Tier

MOST_ENTRIES = 100
MOST_PLACES = 200

Table = dict[str, Any]


def history_of(place: Place) -> Table:
    """What happened to a place, the latest first."""
    entries = (
        Entry.objects.filter(place=place)
        .select_related("movement__channel", "movement__note")
        .annotate(who=words.who("movement__actor"))
        .order_by("-id")[: MOST_ENTRIES + 1]
    )
    shown = list(entries)
    changes = Changes(shown)
    rows = [
        [
            words.clock(entry.movement.at),
            to(entry.movement, entry.movement.get_verb_display()),
            words.from_to(entry),
            changes.of(entry),
            entry.who or entry.movement.actor,
            str(entry.movement.channel or "-"),
            words.reason(entry.movement),
        ]
        for entry in shown[:MOST_ENTRIES]
    ]
    more = link(list_of(Entry, place=place.pk), "all of them") if len(shown) > MOST_ENTRIES else ""
    headers = ["When", "Act", "Status", "Under what", "By", "Channel", "Why"]
    return _table("History, the latest first", headers, rows, MOST_ENTRIES, more)


def places_of(claim: Claim) -> Table:
    """The places a claim has, or had if it has ended."""
    if claim.ended_at is None:
        places = Place.objects.filter(claim=claim)
        title, more = "Places", list_of(Place, claim=claim.pk)
    else:
        places = Place.objects.filter(
            pk__in=Entry.objects.filter(movement__claim=claim, to_claim=claim.pk).values("place_id")
        )
        title, more = "Places it had, and what they are now", list_of(Movement, claim=claim.pk)
    chosen = list(
        places.select_related("section", "tier", "allocation").order_by("section", "run", "position", "pk")[
            : MOST_PLACES + 1
        ]
    )
    rows = [
        [to(place), str(place.section), str(place.tier), words.status_label(place.status), str(place.allocation)]
        for place in chosen[:MOST_PLACES]
    ]
    return _table(
        title,
        ["Place", "Section", "Tier", "Status", "Allocation"],
        rows,
        MOST_PLACES,
        link(more, "all of them") if len(chosen) > MOST_PLACES else "",
    )


def entries_of(movement: Movement) -> Table:
    """What a movement moved, place by place."""
    entries = Entry.objects.filter(movement=movement).select_related("place__section").order_by("id")
    shown = list(entries[: MOST_PLACES + 1])
    changes = Changes(shown)
    rows = [
        [to(entry.place), str(entry.place.section), words.from_to(entry), changes.of(entry)]
        for entry in shown[:MOST_PLACES]
    ]
    more = link(list_of(Entry, movement=movement.pk), "all of them") if len(shown) > MOST_PLACES else ""
    return _table("Entries", ["Place", "Section", "Status", "Under what"], rows, MOST_PLACES, more)


class Changes:
    """What else changed under an entry: the claim, the allocation, the tier. Names are looked up once for all rows."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.allocations = _names(Allocation.objects.all(), entries, "allocation")
        self.tiers = _names(Tier.objects.all(), entries, "tier")
        self.claims = {claim.pk: claim for claim in Claim.objects.filter(pk__in=_ids(entries, "claim"))}

    def of(self, entry: Entry) -> SafeString | str:
        said = []
        if entry.from_claim != entry.to_claim:
            claims = [to(self.claims.get(pk)) if pk else "no claim" for pk in (entry.from_claim, entry.to_claim)]
            said.append(words.arrow(*claims))
        for names, was, becomes in (
            (self.allocations, entry.from_allocation, entry.to_allocation),
            (self.tiers, entry.from_tier, entry.to_tier),
        ):
            if was != becomes:
                said.append(words.arrow(names.get(was or 0, ""), names.get(becomes, "?")))
        return words.joined(said)


def _ids(entries: Sequence[Entry], what: str) -> set[int]:
    return {pk for entry in entries for pk in (getattr(entry, f"from_{what}"), getattr(entry, f"to_{what}")) if pk}


def _names(rows: QuerySet[Any], entries: Sequence[Entry], what: str) -> dict[int, str]:
    return {row.pk: str(row) for row in rows.filter(pk__in=_ids(entries, what))}


def _table(title: str, headers: list[str], rows: list[list[Any]], most: int, more: Any) -> Table:
    return {"title": title, "table": {"headers": headers, "rows": rows}, "most": most, "more": more}
