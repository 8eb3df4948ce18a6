"""A change looked at before it is made: which places it would move, and what each channel could then sell, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.http import HttpRequest

from core.refusals import DomainError
from inventory.admin import seat_names, words
from inventory.models import Place, Show
from inventory.queries.trials import Label, PlaceMove
from inventory.services.trials import Change, Outlook, Trial, make_tried, try_change

MOST_MOMENTS = 8
# Of more places the sections and tiers say enough.
MOST_NAMED, MOST_DRAWN = 2_000, 5_000
# What says nothing of what would be done.
NOT_OF_THE_ACT = {"csrfmiddlewaretoken", "look", "save", "seen", "seen_for", "seen_ids", "reason", "other", "note"}
LOOK_FIRST = "Look below at what it comes to, then save."
SAY_WHY = "Nothing was changed yet. Say why, then save."
AS_IF = "The table shows what could be sold if it were."
OF_STATE = {
    Show.State.DRAFT: f"The show is a draft: nothing is sold until it is put on sale. {AS_IF}",
    Show.State.PAUSED: f"Sales of the show are paused: nothing is sold until it is put on sale again. {AS_IF}",
    Show.State.CLOSED: f"Sales of the show are closed: nothing is sold until it is put on sale again. {AS_IF}",
    Show.State.CANCELLED: "The show is cancelled, so nothing is sold anywhere.",
}
CHANGED = "Something was changed after you looked. See below what it comes to now, then save."


@dataclass(frozen=True, slots=True)
class Cell:
    """What a channel could sell at a moment, before and after; `difference` in words, empty where there is none."""

    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class Row:
    """A moment, what happens then, and what each channel could sell from then on."""

    at: str
    events: list[str]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a change would do, in words; and what the form brings back, so that just this is done."""

    title: str
    parts: list[str]
    emptied: str
    seats: str
    state: str
    channels: list[str]
    rows: list[Row]
    ids: str
    drawn: str
    fingerprint: str
    form_fingerprint: str


@dataclass(slots=True)
class Asked:
    """What came of a form: `done` are the places that moved, or None where it is to be seen, or seen again."""

    seen: Seen | None = None
    done: list[PlaceMove] | None = None
    alert: str = ""
    refusal: DomainError | None = None


def look_or_do(
    request: HttpRequest,
    show: Show,
    change_of: Callable[[list[int]], Change],
    verb: str,
    *,
    may_do: bool,
    keeps_ids: bool = False,
) -> Asked:
    """Do what was seen, exactly so; else look, and say why it is only looked at.

    `change_of` makes the change of the places that were seen; of whatever the form comes to now where there are none,
    as always without `keeps_ids`. Without `may_do`, as where nobody said why, it is only looked at. `verb` says what
    would be done with the places: `would join the slice`.
    """
    sent = request.POST
    asked = Asked()
    if "save" in sent:
        if not may_do:
            asked.alert = SAY_WHY
        elif sent.get("seen_for") == fingerprint_of(request):
            ids = [int(word) for word in sent.get("seen_ids", "").split() if word.isdecimal()]
            try:
                asked.done = make_tried(show_id=show.pk, change=change_of(ids), seen=sent.get("seen", ""))
            except DomainError as refusal:
                asked.alert = _said(show, refusal)
            else:
                return asked
        else:
            asked.alert = CHANGED if sent.get("seen_for") else LOOK_FIRST
    try:
        trial = tried(show, change_of([]))
    except DomainError as refusal:
        asked.refusal, asked.alert = refusal, _said(show, refusal)
    else:
        names_parties = request.user.has_perm("inventory.view_claim")
        asked.seen = seen_of(
            show, trial, verb, fingerprint_of(request), keeps_ids=keeps_ids, names_parties=names_parties
        )
    return asked


def tried(show: Show, change: Change) -> Trial:
    """A trial for a page: of a show that is not on sale as if it were, for one builds it by these numbers."""
    as_if_on_sale = show.state != Show.State.CANCELLED
    return try_change(show_id=show.pk, change=change, most=MOST_MOMENTS, as_if_on_sale=as_if_on_sale)


def fingerprint_of(request: HttpRequest) -> str:
    """Tells whether a form still asks for the same as when it was looked at."""
    said = [(key, request.POST.getlist(key)) for key in sorted(request.POST) if key not in NOT_OF_THE_ACT]
    return sha256(repr(said).encode()).hexdigest()[:24]


def seen_of(
    show: Show, trial: Trial, verb: str, form_fingerprint: str, *, keeps_ids: bool, names_parties: bool
) -> Seen:
    ids = [move.place_id for move in trial.moves]
    seats = Place.objects.filter(pk__in=ids, section__is_ga=False).order_by("pk").values_list("pk", flat=True)
    drawn = list(seats) if len(ids) <= MOST_DRAWN else []
    count = "No place" if not ids else "1 place" if len(ids) == 1 else f"{len(ids):,} places"
    channels = trial.outlooks[0].after.channels
    return Seen(
        title=f"{count} {verb}",
        parts=_parts(trial.moves, trial.labels),
        emptied=", ".join(trial.emptied),
        seats=seat_names.spoken(ids) if 0 < len(ids) <= MOST_NAMED else "",
        state=OF_STATE.get(Show.State(show.state), ""),
        channels=[name + ("" if is_active else " (may not sell)") for name, is_active in channels.values()],
        rows=[_row(outlook, list(channels), nth == 0, names_parties) for nth, outlook in enumerate(trial.outlooks)],
        ids=" ".join(map(str, ids)) if keeps_ids else "",
        drawn=" ".join(map(str, drawn)),
        fingerprint=trial.fingerprint,
        form_fingerprint=form_fingerprint,
    )


def _parts(moved: Sequence[PlaceMove], labels: dict[int, Label]) -> list[str]:
    """How many places of which section and tier, out of what into what, and in what state where that is not open."""
    where = {
        pk: f"{section}, {tier}"
        for pk, section, tier in Place.objects.filter(pk__in=[move.place_id for move in moved])
        .order_by("section__ordinal", "tier__ordinal", "pk")
        .values_list("pk", "section__name", "tier__name")
    }
    names = {pk: "the pool" if label.is_pool else label.name for pk, label in labels.items()}
    by_id = {move.place_id: move for move in moved}
    groups: dict[tuple[str, int, int], list[PlaceMove]] = {}
    for pk, name in where.items():
        groups.setdefault((name, by_id[pk].from_allocation, by_id[pk].to_allocation), []).append(by_id[pk])
    said = []
    for (name, was, becomes), group in groups.items():
        states = Counter(move.from_status for move in group if move.from_status != Place.Status.OPEN)
        others = ", ".join(f"{count:,} {status}" for status, count in sorted(states.items()))
        way = f"out of {names[was]} into {names[becomes]}"
        said.append(f"{name}: {len(group):,} {way}" + (f" ({others})" if others else ""))
    return said


def _row(outlook: Outlook, channel_ids: Sequence[int], is_now: bool, names_parties: bool) -> Row:
    cells = []
    for channel_id in channel_ids:
        before, after = (board.whole_of(channel_id).sellable for board in (outlook.before, outlook.after))
        more = after - before
        said = f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else ""
        cells.append(Cell(f"{before:,}", f"{after:,}", said))
    at = "Now" if is_now else words.clock(outlook.at).removesuffix(":00")
    changes = [words.change(change, names_parties=names_parties) for change in outlook.coming]
    events = [change.partition(": ")[2] for change in changes]
    return Row(at, events, cells)


def _said(show: Show, refusal: DomainError) -> str:
    if refusal.code == "places_not_in_slice":
        strays = seat_names.spoken(refusal.facts["place_ids"])
        return f"Not of this slice, or not any more, so nothing was moved: {strays}."
    if refusal.code == "places_taken":
        whose = seat_names.whose(show.pk, refusal.facts["place_ids"])
        return f"Not open any more, so nothing was moved: {whose}." if whose else refusal.text
    if refusal.code == "not_enough_places":
        open_ = refusal.facts["open"]
        there = f"Only {open_:,} {'place is' if open_ == 1 else 'places are'}" if open_ else "No place is"
        return (
            f"{there} to be had there. Ask for fewer, elsewhere, or out of another slice. By number, wheelchair and "
            "companion places do not count: name them, or choose them on the map."
        )
    return refusal.text
