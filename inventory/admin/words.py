"""How facts read on a page: times, coloured labels, why a place is not open, and who did it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.words import counted
from inventory.admin import reasons
from inventory.admin.links import to
from inventory.models import Claim, Entry, Freeze, Movement, Place, ReleaseStep
from inventory.models.ledger import Verb
from inventory.queries.stock import Board, Coming, RuleLine

S = Place.Status
STATUS_LABELS = {S.OPEN: "success", S.LOCKED: "warning", S.HELD: "info", S.LEASED: "info", S.SOLD: "primary"}


def label(text: str, colour: str = "") -> SafeString:
    """A small coloured label, as unfold draws them: success, warning, danger, info, primary or plain."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def clock(at: datetime | None) -> str:
    """A moment in the house's zone, to the second: today's without its date, this year's without its year."""
    if at is None:
        return "-"
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M:%S}"
    return f"{local:%d %b, %H:%M:%S}" if local.year == today.year else f"{local:%d %b %Y, %H:%M:%S}"


def in_words(age: timedelta) -> str:
    """`3 days`, `5 hours`, `12 minutes`: as much of it as matters."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return counted(minutes // (24 * 60), "day")
    return counted(minutes // 60, "hour") if minutes >= 120 else counted(minutes, "minute")


def status_label(status: str) -> SafeString:
    """A status of a place; nothing was before the first."""
    return label(S(status).label, STATUS_LABELS.get(S(status), "")) if status else label("nothing")


def place_status(place: Place) -> SafeString:
    """A place's status as buyers see it: what a lock that has run out still marks is open."""
    return status_label(S.OPEN if getattr(place, "ran_out", False) else place.status)


def status_now(place: Place, now: datetime) -> str:
    """A place's status in a word, as it counts by now: what ran out is open, swept or not. Needs its claim."""
    claim = place.claim
    ends_at = None
    if claim is not None and claim.kind in (Claim.Kind.LOCK, Claim.Kind.HOLD):
        ends_at = claim.due_at if claim.kind == Claim.Kind.LOCK else claim.expires_at
    if ends_at is not None and ends_at <= now:
        return "open"
    if claim is not None and claim.phase == Claim.Phase.PAYING:
        return "payment pending"
    return str(place.get_status_display()).lower()


def why(place: Place) -> SafeString | str:
    """Why a place is not open: whose claim, and until when. Needs `ran_out`, and its claim with hold and channel."""
    claim = place.claim
    if claim is None:
        return ""
    if getattr(place, "ran_out", False):
        return format_html("<span>({}, awaiting the sweep)</span>", to(claim, "lock ran out"))
    return to(claim, claim_in_words(claim, getattr(place, "because", "")))


def claim_in_words(claim: Claim, because: str = "") -> str:
    """A live claim in a few words: a sponsor's hold, a cart until 19:42, a kill and why."""
    until = f", until {clock(claim.expires_at)}" if claim.expires_at else ""
    channel = f" on {claim.channel}" if claim.channel else ""
    if claim.kind == Claim.Kind.LOCK:
        if claim.phase == Claim.Phase.PAYING:
            return f"payment pending{channel}, until {clock(claim.hard_until)} at the latest"
        return f"browsing{channel}{until}"
    if claim.kind == Claim.Kind.HOLD:
        hold = getattr(claim, "hold", None)
        ordered = ", ordered and not paid yet" if claim.reference else ""
        return f"{hold or 'hold'}{ordered}{until}"
    if claim.kind == Claim.Kind.SALE:
        return f"sold{channel}" + (f", {claim.reference}" if claim.reference else "")
    return f"{claim.get_kind_display().lower()}{until}" + (f": {reasons.in_line(because)}" if because else "")


def seat(place: Place) -> str:
    """A place with its section, as staff say it: Stalls A-12."""
    return f"{place.section} {place}"


def marks(place: Place) -> list[str]:
    """What is special about a place."""
    said = {
        "accessible": place.is_accessible,
        "companion": place.is_companion,
        "restricted view": place.is_restricted_view,
    }
    return [word for word, is_so in said.items() if is_so]


def act(movement: Movement) -> SafeString | str:
    """A movement as a link: what, and when."""
    return to(movement, f"{movement.get_verb_display()}, {clock(movement.at)}")


def from_to(entry: Entry) -> SafeString:
    """What an entry did to the status: from what, to what."""
    if entry.from_status == entry.to_status:
        return format_html("<span>{}, unchanged</span>", status_label(entry.to_status))
    return format_html("<span>{} → {}</span>", status_label(entry.from_status), status_label(entry.to_status))


def because(claim: str) -> Subquery:
    """For a query: a kill's reason code, out of the movement that killed. `claim` is the way to the row's claim."""
    kills = Movement.objects.filter(claim=OuterRef(claim), verb=Verb.KILL_PLACES)
    return Subquery(kills.values("reason_code")[:1], output_field=CharField())


def who(actor: str) -> Subquery:
    """For a query: the name of the user who acted, or nothing where it was no user. `actor` is the way to the actor."""
    named = Concat(Value("user:"), Cast("pk", CharField()))
    users = get_user_model()._default_manager.annotate(actor=named).filter(actor=OuterRef(actor))
    return Subquery(users.values("username")[:1], output_field=CharField())


def reason(movement: Movement) -> str:
    """Why it was done: the reason in words and the note, as far as there are any."""
    return _and_note(reasons.in_words(movement.reason_code), movement) or "-"


def reason_in_line(movement: Movement) -> str:
    """The same further on in a line; nothing for nothing."""
    return _and_note(reasons.in_line(movement.reason_code), movement)


def _and_note(reason: str, movement: Movement) -> str:
    note = getattr(movement, "note", None)
    return ": ".join(part for part in (reason, note and note.text) if part)


def arrow(was: object, becomes: object) -> SafeString:
    """From one thing to another; to the second alone where there was none before."""
    return format_html("{} → {}", was, becomes) if was else format_html("{}", becomes)


def joined(parts: Iterable[object]) -> SafeString | str:
    """Several changes in one cell; a dash for none."""
    said = format_html_join(", ", "{}", ((part,) for part in parts))
    return format_html("<span>{}</span>", said) if said else "-"


def frozen_by(freeze: Freeze) -> str:
    """By whom, since when and why something is frozen. Needs `frozen` with its note, and `who`."""
    movement = freeze.frozen
    if freeze.rule_id is not None:
        return f"Frozen by rule ({freeze.rule}), since {clock(movement.at)}."
    name = getattr(freeze, "who", None) or movement.actor
    return f"Frozen by {name}, since {clock(movement.at)}: {(reason_in_line(movement) or '-').removesuffix('.')}."


def rule_line(rule: RuleLine, board: Board) -> str:
    """How near a rule is to its line: `Counter stops at 5 of Gold: 9 open, 4 more may be sold`."""
    channel = board.channels.get(rule.channel_id, ("One channel", True))[0] if rule.channel_id else "Every channel"
    what = board.tiers.get(rule.tier_id or 0) or board.sections.get(rule.section_id or 0) or "the show"
    kept = f"{rule.margin + rule.exposure:,}"
    if rule.exposure:
        kept += f" ({rule.margin:,}, and {rule.exposure:,} for payments that may yet come)"
    left = f"{rule.headroom:,} more may be sold" if rule.headroom else "at its line, the next sale trips it"
    return f"{channel} stops at {kept} of {what}: {rule.open:,} open, {left}."


def change(coming: Coming, *, names_parties: bool) -> str:
    """What will change by itself, and when. For whom something is held is for whoever may see claims."""
    at = clock(coming.at).removesuffix(":00")
    if coming.kind == "opens":
        return f"{at}: {coming.name} opens for {coming.channel}"
    if coming.kind == "closes":
        return f"{at}: {coming.name} closes into the pool"
    if coming.kind == "ends":
        return f"{at}: {f'the hold for {coming.name}' if names_parties else 'a hold'} ends"
    name = coming.name if names_parties or not coming.of_hold else "a hold"
    return f"{at}: {name} gives {much(coming.share_percent, coming.quantity)} {coming.to and f'to {coming.to}'}"


def much(share_percent: int | None, quantity: int | None) -> str:
    """How much a step of a ladder gives."""
    if quantity is not None:
        return f"{quantity:,} place{'' if quantity == 1 else 's'}"
    return {25: "a quarter", 50: "half", 100: "all"}.get(share_percent or 0, f"{share_percent} %")


def step_state(step: ReleaseStep) -> SafeString:
    """Whether a step lies ahead, is due, or is done: by which movement, or without a place to move."""
    if step.done_at is None:
        return label("due") if step.at <= timezone.now() else label("ahead", "info")
    outcome = act(step.movement) if step.movement else f"{clock(step.done_at)}, nothing was left to give"
    return format_html("<span>{} {}</span>", label("done", "success"), outcome)


def lines(rows: Iterable[tuple[object, object]]) -> SafeString | str:
    """Pairs below each other in one field; a dash for none."""
    said = format_html_join("", "<div>{} {}</div>", rows)
    return format_html("<div>{}</div>", said) if said else "-"
