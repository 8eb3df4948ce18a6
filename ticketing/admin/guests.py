"""A guest list comes in: a file, a look at every row, then all of it is issued, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import tablib
from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from core.cells import csv_of
from core.money import rupees
from core.refusals import DomainError
from core.words import counted
from inventory.acts import By
from inventory.admin import seat_names
from inventory.admin.filters import whole
from inventory.admin.form_page import WhyForm, demand, number, page
from inventory.admin.links import page_of, to
from inventory.admin.words import clock
from inventory.models import Claim, Show
from inventory.services.choosing import tidy
from ticketing.admin.files import as_csv
from ticketing.admin.giving_forms import GuestForm
from ticketing.admin.guest_plan import Seen, lines_of, look, summary
from ticketing.guest_files import FileRefused, read_table, refuse_large
from ticketing.models import Complimentary, GuestList
from ticketing.queries.giving import given_away
from ticketing.resources import COLUMNS, GuestRow
from ticketing.services.giving import Gift, freezes_noted
from ticketing.services.guests import Invited, issue_guest_list

if TYPE_CHECKING:
    from django.forms import ClearableFileInput, Select, TextInput
else:
    from unfold.widgets import UnfoldAdminFileFieldWidget as ClearableFileInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

PERMISSION = "ticketing.import_guests"
SALT, GOOD_FOR_S = "ticketing.guest_list", 6 * 3600
MOST_FAULTS, MOST_LINES = 200, 500
# Django takes no form of more than 2.5 MB.
MOST_CARRIED = 2_000_000
STALE = "What was looked at is too old, or was changed on its way. Give the file again."
CHANGED = "The show has changed since you looked: the list cannot be issued as it was seen. Nothing was issued."


class ListForm(WhyForm):
    """The file, what it is called, out of what it is given, and why."""

    codes = GuestForm.codes
    field_order = ("file", "title", "hold", "reason", "other", "note")

    file = forms.FileField(
        label="Guest list",
        widget=ClearableFileInput,
        help_text="CSV (UTF-8) or Excel (.xlsx), 2 MiB and 10,000 guests at the most.",
        error_messages={"empty": "The file is empty."},
    )
    title = forms.CharField(
        required=False,
        max_length=120,
        widget=TextInput,
        help_text="What the list is called on its pages. Empty: the file's name.",
    )
    hold = forms.ModelChoiceField(
        Claim.objects.none(),
        label="Out of",
        required=False,
        empty_label="The open pool",
        widget=Select,
        help_text="A hold's list takes that hold's places alone.",
    )

    def __init__(self, show: Show, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holds = Claim.objects.filter(show=show, kind=Claim.Kind.HOLD, ended_at=None, reference="")
        holds = holds.select_related("hold")
        field: Any = self.fields["hold"]
        field.queryset = holds
        field.label_from_instance = lambda claim: f"{claim.hold} ({claim.kind} {claim.pk})"


@dataclass
class Parcel:
    """What was seen, as it travels in the form, signed: nothing of it is kept here before it is issued."""

    show: int
    user: int
    hold: int | None
    title: str
    digest: str
    reason: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    places: Sequence[Sequence[int]]

    def sealed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def opened(cls, text: str, show: Show, request: HttpRequest) -> Parcel | None:
        """None where it is no parcel of this show and this person, or an old one."""
        try:
            parcel = cls(**signing.loads(text, salt=SALT, max_age=GOOD_FOR_S))
        except (signing.BadSignature, TypeError, ValueError):
            return None
        return parcel if (parcel.show, parcel.user) == (show.pk, request.user.pk) else None

    @property
    def table(self) -> tablib.Dataset:
        table = tablib.Dataset(headers=list(self.head))
        for row in self.rows:
            table.append(list(row))
        return table


def import_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The page of a show where a list comes in. With `?hold=` it is given out of that hold."""
    demand(request, PERMISSION)
    show = _show(pk)
    asked = _Asked(show, request)
    if request.method == "POST":
        if "parcel" not in request.POST:
            asked.read()
        elif issued := asked.issue():
            what = f"{counted(issued.guest_count, 'guest')}, {counted(issued.ticket_count, 'ticket')}"
            messages.success(request, f"{issued.title} is issued: {what}.")
            may_see = request.user.has_perm("ticketing.view_guestlist")
            return HttpResponseRedirect(page_of(issued) if may_see else page_of(show))
    seen = asked.seen
    faults = seen.faults if seen else []
    return page(
        model_admin,
        request,
        "ticketing/admin/guests_page.html",
        title=f"Guest list: {show.title}, {clock(show.starts_at).removesuffix(':00')}",
        show=show,
        back=page_of(show),
        form=asked.form,
        seen=seen,
        parcel=asked.parcel.sealed() if asked.parcel and seen and seen.is_good else "",
        said=summary(show, seen) if seen and seen.is_good else "",
        named=asked.parcel.title if asked.parcel else "",
        out_of=asked.claim.hold if asked.claim else "the open pool",
        lines=lines_of(seen.rows[:MOST_LINES]) if seen and seen.is_good else [],
        more=max(0, len(seen.rows) - MOST_LINES) if seen else 0,
        faults=faults[:MOST_FAULTS],
        more_faults=max(0, len(faults) - MOST_FAULTS),
        fault_count=counted(len(faults), "row"),
        wrong=[*asked.wrong, *(seen.wrong if seen else [])],
        earlier=asked.earlier,
        given=[
            (Complimentary.Recipient(one.recipient).label, f"{one.tickets:,}", rupees(one.worth_paise))
            for one in given_away(show.pk)
        ],
        lists=[(to(one), one) for one in GuestList.objects.filter(show=show)[:20]],
    )


def template_file(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """An empty list with its headings, and three rows that show how it is filled in."""
    demand(request, PERMISSION)
    show = _show(pk)
    tier = show.tiers.order_by("ordinal", "pk").values_list("name", flat=True).first() or ""
    rows = [
        COLUMNS,
        ("Example Guest", "guest@example.com", 2, "Sponsor", "", tier, "side by side"),
        ("Another Guest", "98200 12345", 1, "Press", "", "", ""),
        ("A Third Guest", "", "", "House guest", "Stalls A 1-2", "", "by their names"),
    ]
    return as_csv(csv_of(rows), "guest-list.csv")


class _Asked:
    """A file that was sent, or what was seen of it and comes back."""

    def __init__(self, show: Show, request: HttpRequest) -> None:
        self.show, self.request = show, request
        self.wrong: list[str] = []
        self.seen: Seen | None = None
        self.parcel: Parcel | None = None
        self.claim: Claim | None = None
        self.earlier: GuestList | None = None
        is_file = request.method == "POST" and "parcel" not in request.POST
        hold = whole(request.GET.get("hold")) or None
        self.form = ListForm(show, request.POST, request.FILES) if is_file else ListForm(show, initial={"hold": hold})

    def read(self) -> None:
        """Read the file, and look at what it comes to."""
        if not self.form.is_valid():
            return
        given = self.form.cleaned_data
        file = given["file"]
        try:
            refuse_large(file.size)
            content = file.read()
            table = read_table(file.name, content)
        except FileRefused as refused:
            self.form.add_error("file", str(refused))
            return
        by = self.form.by(self.request)
        self.claim = given["hold"]
        self.seen = look(self.show, self.claim, table)
        self.parcel = Parcel(
            show=self.show.pk,
            user=self.request.user.pk or 0,
            hold=self.claim.pk if self.claim else None,
            title=given["title"].strip() or PurePath(file.name).stem[:120] or "Guest list",
            digest=sha256(content).hexdigest(),
            reason=by.reason_code,
            note=by.note,
            head=table.headers or [],
            rows=[list(row) for row in table],
            places=[list(row.places) for row in self.seen.rows],
        )
        if len(self.parcel.sealed()) > MOST_CARRIED:
            self.wrong.append("This list has more text than can be carried from the look to the issue. Make two of it.")
            self.seen = self.parcel = None
            return
        self.earlier = GuestList.objects.filter(show=self.show, digest=self.parcel.digest).first()

    def issue(self) -> GuestList | None:
        """Issue exactly what was seen; or look again, where it cannot be had any more."""
        parcel = Parcel.opened(self.request.POST["parcel"], self.show, self.request)
        if parcel is None:
            self.wrong.append(STALE)
            return None
        self.parcel = parcel
        self.claim = Claim.objects.select_related("hold").filter(pk=parcel.hold or 0).first()
        issued: list[GuestList] = []
        tidy(self.show.pk, None)
        try:
            with freezes_noted(self.show.pk):
                seen = look(
                    self.show,
                    self.claim,
                    parcel.table,
                    seated=parcel.places,
                    act=lambda rows: issued.append(self._act(parcel, rows)),
                )
        except DomainError as refusal:
            self._refuse(refusal)
        else:
            if not issued:
                self.seen = seen
                self.wrong.append(CHANGED)
        return issued[0] if issued else None

    def _act(self, parcel: Parcel, rows: Sequence[GuestRow]) -> GuestList:
        return issue_guest_list(
            show_id=self.show.pk,
            title=parcel.title,
            digest=parcel.digest,
            guests=[Invited(Gift(row.places, row.recipient, row.name, row.contact), row.row, row.note) for row in rows],
            by=By(f"user:{self.request.user.pk}", reason_code=parcel.reason, note=parcel.note),
            hold_id=parcel.hold,
            is_known="again" in self.request.POST,
        )

    def _refuse(self, refusal: DomainError) -> None:
        assert self.parcel
        self.earlier = GuestList.objects.filter(show=self.show, digest=self.parcel.digest).first()
        said = refusal.text
        if refusal.code == "places_taken":
            said = f"Taken meanwhile: {seat_names.whose(self.show.pk, refusal.facts['place_ids'])}."
        elif refusal.code == "places_not_held":
            said = f"The hold has these no more: {seat_names.spoken(refusal.facts['place_ids'])}."
        self.wrong.append(f"{said} Nothing was issued.")
        if refusal.code in ("claim_ended", "claim_unknown"):
            return
        # Who sits where now: what is seen from here on is what the next press issues.
        self.seen = look(self.show, self.claim, self.parcel.table)
        self.parcel.places = [list(row.places) for row in self.seen.rows]


def _show(pk: str) -> Show:
    show = Show.objects.select_related("venue").filter(pk=number(pk), manifest_version__gt=0).first()
    if show is None:
        raise Http404
    return show
