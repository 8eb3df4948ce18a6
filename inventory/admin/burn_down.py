"""A hold's burn-down: held at first, still held, used, returned; as a bar with numbers, and act by act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inventory.admin import reasons, words
from inventory.admin.links import to
from inventory.admin.stock import Share
from inventory.models import Claim, Movement
from inventory.models.ledger import Verb
from inventory.queries.holds import SET_APART, HoldAct, HoldCount, acts_of, count_of

ACTS = {
    Verb.PLACE_HOLD: "Held",
    Verb.EXTEND_HOLD: "Another end",
    Verb.RELEASE_HOLD: "Returned by hand",
    Verb.SELL_FROM_HOLD: "Used",
    Verb.RUN_DUE_RELEASES: "Returned by the ladder or the end",
}
MOST_ACTS = 100


@dataclass(frozen=True, slots=True)
class BurnDown:
    """What became of the places that a hold ever had. Looks like a stock to the bar."""

    acts: Sequence[HoldAct]
    count: HoldCount

    @property
    def at_first(self) -> int:
        return sum(act.held for act in self.acts)

    @property
    def shares(self) -> list[Share]:
        back = sum(act.returned for act in self.acts) + self.count.due
        used = sum(act.used for act in self.acts)
        parts = (
            ("held", "still held", self.count.still, "#3b82f6"),
            ("sold", "used", used, "#9333ea"),
            ("open", "returned", back, "#16a34a"),
        )
        shares, left = [], 0.0
        for status, word, count, colour in parts:
            width = 100 * count / self.at_first if self.at_first else 0.0
            shares.append(Share(status, word, count, colour, left, width))
            left += width
        return shares

    @property
    def total(self) -> str:
        return f"{self.at_first:,}"

    @property
    def in_words(self) -> str:
        return f"{', '.join(map(str, self.shares))} of {self.total} held at first"


def burn_down(claim: Claim) -> tuple[BurnDown, dict[str, Any]]:
    """The numbers, and the table of acts. Three statements, however many acts there are."""
    acts = acts_of(claim.pk)
    shown = acts[-MOST_ACTS:]
    movements = (
        Movement.objects.filter(pk__in=[act.movement_id for act in shown])
        .select_related("note")
        .annotate(who=words.who("actor"))
        .in_bulk()
    )
    rows = [_row(act, movements[act.movement_id]) for act in shown]
    headers = ["When", "Act", "Held", "Used", "Returned", "To", "By", "Why"]
    return BurnDown(acts, count_of(claim.pk)), {"headers": headers, "rows": rows}


def _row(act: HoldAct, movement: Any) -> list[Any]:
    leads_to = act.to or ("where each came from" if act.returned else "-")
    numbers = [f"{number:,}" if number else "-" for number in (act.held, act.used, act.returned)]
    who = movement.who or ("by itself" if movement.actor.startswith("system:") else movement.actor)
    if movement.reason_code == SET_APART and act.used:
        return [words.clock(movement.at), to(movement, "Ordered"), *numbers, "-", who, reasons.in_words(SET_APART)]
    said = ACTS.get(Verb(act.verb), movement.get_verb_display())
    return [words.clock(movement.at), to(movement, said), *numbers, leads_to, who, words.reason(movement)]
