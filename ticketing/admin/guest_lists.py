"""Guest lists, read-only: who has which tickets, what was mailed; printed, and as a list for the door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from core.cells import csv_of
from core.contacts import masked
from core.words import counted
from inventory.admin import seat_names
from inventory.admin.filters import whole
from inventory.admin.form_page import demand, number, page
from inventory.admin.links import link, page_of, to
from inventory.admin.noted import noted
from inventory.admin.reasons import in_words
from inventory.admin.words import clock, joined, label, who
from inventory.models import Place
from ticketing.admin import filters
from ticketing.admin.files import as_csv
from ticketing.admin.on_paper import print_form
from ticketing.models import Complimentary, GuestList
from ticketing.queries import guests
from ticketing.queries.guests import Listed
from ticketing.queries.links import order_reference
from ticketing.services import printing

MAY_PRINT, MAY_SEE = "ticketing.resend_tickets", "ticketing.view_guestlist"
MOST = 200


def print_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The tickets of a list that are good, a page each; with `?part=`, a part of a long one."""
    demand(request, MAY_SEE)
    demand(request, MAY_PRINT)
    issued = _list(pk)
    part = whole(request.GET.get("part")) or 1
    return print_form(
        model_admin,
        request,
        issued,
        title=f"Print the tickets: {issued.title}, part {part}",
        file_name=f"guest-list-{issued.pk}-part-{part}.pdf",
        make=partial(printing.guest_list_pdf, issued.pk, part, issued.title),
        said=f"Tickets printed, part {part}",
    )


def door_page(model_admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """Who is let in, by name, to be printed and ticked off; with `?as=csv`, for a spreadsheet."""
    demand(request, MAY_SEE)
    issued = _list(pk)
    lines = sorted(_lines(guests.guests_of(issued.pk)), key=lambda line: (line["name"].casefold(), line["row"]))
    coming = [line for line in lines if line["count"]]
    if request.GET.get("as") == "csv":
        head = ("Name", "Tickets", "Places", "Class", "Note", "Order")
        cells = [[line[key] for key in ("name", "count", "where", "recipient", "note", "order")] for line in coming]
        return as_csv(csv_of([head, *cells]), f"door-list-{issued.pk}.csv")
    return page(
        model_admin,
        request,
        "ticketing/admin/door_list.html",
        title=f"Door list: {issued.title}",
        issued=issued,
        show=issued.show,
        lines=coming,
        said=f"{counted(len(coming), 'guest')}, {counted(sum(line['count'] for line in coming), 'ticket')}",
        back=page_of(issued),
    )


PAGES: dict[str, Callable[[Any, HttpRequest, str], HttpResponse]] = {"print": print_page, "door": door_page}


@admin.register(GuestList)
class GuestListAdmin(FactAdmin):
    list_display = ("title", "show", "guest_count", "ticket_count", "still_good", "issued", "by_whom")
    list_select_related = ("show",)
    list_filter = (filters.ByShow,)
    search_fields = ("title",)
    change_form_after_template = "ticketing/admin/below.html"
    fieldsets = (
        (None, {"fields": (("show", "out_of"), ("guest_count", "ticket_count"), ("mailed", "still_good"), "verbs")}),
        ("When, by whom and why", {"fields": (("issued", "by_whom"), ("reason", "file"), "noted_of_it")}),
    )
    readonly_fields = ("out_of", "mailed", "still_good", "verbs", "issued", "by_whom", "reason", "file", "noted_of_it")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<str:pk>/{name}/", self.admin_site.admin_view(partial(view, self)), name=f"ticketing_guestlist_{name}"
            )
            for name, view in PAGES.items()
        ] + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuestList]:
        lists: QuerySet[GuestList] = super().get_queryset(request)
        return lists.select_related("show", "claim__hold").annotate(who=who("actor"))

    def prepare_rows(self, rows: Any) -> None:
        good = guests.live_tickets_of([row.pk for row in rows])
        for row in rows:
            row.good = good.get(row.pk, 0)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> GuestList | None:
        issued: GuestList | None = super().get_object(request, object_id, from_field)
        if issued is not None:
            self.prepare_rows([issued])
            issued.ways = _ways(issued, request.user.has_perm)  # type: ignore[attr-defined]
        return issued

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        issued = self.get_object(request, object_id)
        context = {} if issued is None else {"tables": [_table(issued)], "title": f"Guest list: {issued.title}"}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="out of")
    def out_of(self, issued: GuestList) -> SafeString | str:
        return to(issued.claim, issued.claim.hold)

    @admin.display(description="tickets still good")
    def still_good(self, issued: GuestList) -> str:
        return f"{getattr(issued, 'good', 0):,}"

    @admin.display(description="mailed")
    def mailed(self, issued: GuestList) -> str:
        letters = guests.letters_of(issued.pk)
        waiting = f", {letters.due:,} on their way" if letters.due else ""
        lost = f", {letters.given_up:,} could not be sent" if letters.given_up else ""
        return f"{letters.sent:,} of {counted(issued.guest_count, 'guest')}{waiting}{lost}"

    @admin.display(description="what can be done")
    def verbs(self, issued: GuestList) -> SafeString | str:
        return getattr(issued, "ways", "-")

    @admin.display(description="issued")
    def issued(self, issued: GuestList) -> str:
        return clock(issued.issued_at)

    @admin.display(description="by")
    def by_whom(self, issued: GuestList) -> str:
        return getattr(issued, "who", None) or issued.actor

    @admin.display(description="why")
    def reason(self, issued: GuestList) -> str:
        return in_words(issued.reason_code)

    @admin.display(description="noted of it")
    def noted_of_it(self, issued: GuestList) -> SafeString | str:
        return noted(issued)

    @admin.display(description="file")
    def file(self, issued: GuestList) -> str:
        return f"SHA-256 {issued.digest[:16]}…"


def _ways(issued: GuestList, has_perm: Callable[[str], bool]) -> SafeString | str:
    """The tickets to print, in as many parts as they have, and the list for the door."""
    ways = [link(reverse("admin:ticketing_guestlist_door", args=[issued.pk]), "Door list")]
    if has_perm(MAY_PRINT):
        address = reverse("admin:ticketing_guestlist_print", args=[issued.pk])
        parts = len(printing.guest_list_parts(issued.pk))
        for nth in range(1, parts + 1):
            of = f", part {nth} of {parts}" if parts > 1 else ""
            ways.append(link(f"{address}?part={nth}", f"Print the tickets{of}"))
    return joined(ways)


def _table(issued: GuestList) -> dict[str, Any]:
    """The first guests of a list, as a table below it."""
    shown = guests.guests_of(issued.pk, MOST)
    rows = [
        [
            str(line["row"]),
            link(line["url"], line["name"] or line["order"]),
            line["recipient"],
            line["where"] if line["count"] else label("void", "danger"),
            _reached(listed),
            line["note"] or "-",
        ]
        for listed, line in zip(shown, _lines(shown), strict=True)
    ]
    headers = ["Row", "Guest", "Class", "Places", "Tickets by mail", "Note"]
    more = link(reverse("admin:ticketing_guestlist_door", args=[issued.pk]), "the door list")
    return {
        "title": "Guests",
        "table": {"headers": headers, "rows": rows},
        "most": MOST,
        "more": more if issued.guest_count > MOST else "",
    }


def _reached(listed: Listed) -> Any:
    if not listed.contact:
        return "no contact"
    if "@" not in listed.contact:
        return f"{masked(listed.contact)}: not by mail"
    return label("sent", "success") if listed.is_sent else f"{masked(listed.contact)}: not yet"


def _lines(listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """Guests in words, each with the places of his good tickets. One statement."""
    places = Place.objects.select_related("section").in_bulk([pk for one in listed for pk in one.places])
    labels = dict(Complimentary.Recipient.choices)

    def where(one: Listed) -> str:
        own = [places[pk] for pk in one.places]
        own.sort(key=lambda place: (place.section.ordinal, place.section_id, place.run, place.position, place.pk))
        return seat_names.named(own)

    return [
        {
            "row": one.row,
            "name": one.name,
            "order": order_reference(one.order_id),
            "url": reverse("admin:ticketing_order_change", args=[one.order_id]),
            "recipient": labels[one.recipient],
            "count": len(one.places),
            "where": where(one),
            "note": one.note,
        }
        for one in listed
    ]


def _list(pk: str) -> GuestList:
    issued = GuestList.objects.select_related("show__venue").filter(pk=number(pk)).first()
    if issued is None:
        raise Http404
    return issued
