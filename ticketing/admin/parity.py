"""Price parity: every price of a channel that differs from its tier's, why, by whom, until when, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inventory.admin.form_page import demand, page
from inventory.admin.words import clock
from inventory.models import Channel, Show
from inventory.queries.moves import database_now
from ticketing.admin.parity_file import file_of
from ticketing.admin.parity_lines import Total, lines_of, sum_of, totals_of
from ticketing.models import PriceException
from ticketing.queries.parity import sold_under

if TYPE_CHECKING:
    from django.forms import Select
else:
    from unfold.widgets import UnfoldAdminSelectWidget as Select

PER_PAGE = 25
STATES = {"now": "In force", "ahead": "To come", "over": "Over"}


class ParityForm(forms.Form):
    """Which exceptions: of a show, in a state, on a channel."""

    show = forms.ModelChoiceField(Show.objects.none(), required=False, empty_label="Every show", widget=Select)
    state = forms.ChoiceField(choices=[("", "Any state"), *STATES.items()], required=False, widget=Select)
    channel = forms.ModelChoiceField(
        Channel.objects.all(), required=False, empty_label="Every channel", to_field_name="code", widget=Select
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        excepted = PriceException.objects.order_by().values("tier__show")
        shows = Show.objects.filter(pk__in=excepted).order_by("-starts_at", "-pk")
        field: Any = self.fields["show"]
        field.queryset = shows
        field.label_from_instance = lambda show: f"{show.title}, {timezone.localtime(show.starts_at):%d %b %Y}"

    def exceptions(self, now: datetime) -> QuerySet[PriceException]:
        """Those asked for, the newest first; none where the question is wrong."""
        if not self.is_valid():
            return PriceException.objects.none()
        asked, rows = self.cleaned_data, PriceException.objects.order_by("-begins_at", "-id")
        if asked["show"]:
            rows = rows.filter(tier__show=asked["show"])
        if asked["channel"]:
            rows = rows.filter(channel=asked["channel"])
        match asked["state"]:
            case "now":
                rows = rows.filter(begins_at__lte=now, ends_at__gt=now)
            case "ahead":
                rows = rows.filter(begins_at__gt=now, ends_at__gt=now)
            case "over":
                rows = rows.filter(ends_at__lte=now)
        return rows


def parity_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The report, or with `?as=csv` all of it as a file; in as many statements however many exceptions there are."""
    demand(request, "ticketing.view_priceexception")
    now = database_now()
    form = ParityForm(request.GET)
    rows = form.exceptions(now)
    shows = dict(rows.values_list("pk", "tier__show_id"))
    sold = sold_under(shows)
    if request.GET.get("as") == "csv" and form.is_valid():
        return file_of(lines_of(rows, sold, now), shows, sold, now)
    pages = Paginator(list(shows), PER_PAGE)
    chosen = pages.get_page(request.GET.get("p"))
    lines = lines_of(rows.filter(pk__in=list(chosen)), sold, now)
    asked = request.GET.copy()
    asked.pop("p", None)
    return page(
        model_admin,
        request,
        "ticketing/admin/parity.html",
        title="Price parity",
        form=form,
        lines=lines,
        totals=totals_of((line.exception.tier.show for line in lines), shows, sold),
        whole=Total("All that was asked for", len(shows), sum_of(shows, sold)),
        pages=chosen,
        asked=asked.urlencode(),
        is_asked=any(value for key, value in asked.items() if key in form.fields),
        as_of=clock(now),
    )
