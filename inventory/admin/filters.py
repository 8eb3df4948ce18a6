"""How lists of facts are narrowed down: first by show, then by what that show has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now
from django.forms import DateField
from django.http import HttpRequest
from django.utils import timezone

from core.admin import DropdownFilter, RangeDateFilter
from inventory.admin.stock import RAN_OUT
from inventory.models import Allocation, Channel, Claim, Place, Section, Show, Tier
from inventory.models.ledger import Verb

Rows = QuerySet[Any]
Choices = list[tuple[str, str]]


def whole(value: str | None) -> int | None:
    """The number in a request's parameter, or None where there is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


class ByShow(DropdownFilter):
    """One show of all, the latest first. `of_show` is the way from a row to its show."""

    title, parameter_name = "show", "show"
    of_show = "show_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        shows = Show.objects.order_by("-starts_at", "-pk")
        return [(str(show.pk), f"{show.title}, {timezone.localtime(show.starts_at):%d %b %Y}") for show in shows]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = whole(self.value())
        return queryset if chosen is None else queryset.filter(**{self.of_show: chosen})


class ByMovementsShow(ByShow):
    of_show = "movement__show_id"


class ByTheOneShow(ByShow):
    """Places are looked at show by show: there is no list of all. Their index begins with the section."""

    all_option: Any = None

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = whole(self.value())
        if chosen is None:
            return queryset
        return queryset.filter(section_id__in=list(Section.objects.filter(show_id=chosen).values_list("pk", flat=True)))


class OfTheShow(DropdownFilter):
    """What the chosen show has of one kind. What another show has, chosen before, no longer counts."""

    model: type[Model]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        show_id = whole(request.GET.get("show"))
        rows: Iterable[Model] = self.model._default_manager.filter(show_id=show_id) if show_id else []
        return [(str(row.pk), str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(**{f"{self.parameter_name}_id": self.value()})


class BySection(OfTheShow):
    title, parameter_name, model = "section", "section", Section


class ByTier(OfTheShow):
    title, parameter_name, model = "tier", "tier", Tier


class ByAllocation(OfTheShow):
    title, parameter_name, model = "allocation", "allocation", Allocation


class ByStatus(DropdownFilter):
    """A place's status as buyers see it; what a run-out lock still marks is open, and can be asked for by itself."""

    title, parameter_name = "status", "status"
    AWAITING, BROWSING, PAYING = "ran_out", "browsing", "paying"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            *Place.Status.choices,
            (self.BROWSING, "Locked, browsing"),
            (self.PAYING, "Locked, payment pending"),
            (self.AWAITING, "Open, lock ran out"),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case None | "":
                return queryset
            case Place.Status.OPEN:
                return queryset.filter(Q(status=Place.Status.OPEN) | RAN_OUT)
            case Place.Status.LOCKED:
                return queryset.filter(status=Place.Status.LOCKED).exclude(RAN_OUT)
            case self.BROWSING | self.PAYING as phase:
                return queryset.filter(status=Place.Status.LOCKED, claim__phase=phase).exclude(RAN_OUT)
            case self.AWAITING:
                return queryset.filter(RAN_OUT)
            case status:
                return queryset.filter(status=status)


class ByKind(DropdownFilter):
    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return Claim.Kind.choices

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByLife(DropdownFilter):
    """Whether a claim still keeps its places from anybody."""

    title, parameter_name = "live", "live"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("live", "Live"), ("ran_out", "Ran out, awaiting the sweep"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        ran_out = Q(ended_at__isnull=True, kind=Claim.Kind.LOCK, due_at__lte=Now())
        match self.value():
            case "live":
                return queryset.filter(ended_at__isnull=True).exclude(ran_out)
            case "ran_out":
                return queryset.filter(ran_out)
            case "ended":
                return queryset.filter(ended_at__isnull=False)
        return queryset


class IsThawed(DropdownFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("frozen", "Frozen now"), ("thawed", "Thawed")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() not in ("frozen", "thawed"):
            return queryset
        return queryset.filter(thawed__isnull=self.value() == "frozen")


class IsDone(DropdownFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("ahead", "Lies ahead"), ("done", "Done")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() not in ("ahead", "done"):
            return queryset
        return queryset.filter(done_at__isnull=self.value() == "ahead")


class ByVerb(DropdownFilter):
    title, parameter_name = "verb", "verb"
    of_verb = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return Verb.choices

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(**{self.of_verb: self.value()}) if self.value() else queryset


class ByMovementsVerb(ByVerb):
    of_verb = "movement__verb"


class ByChannel(DropdownFilter):
    title, parameter_name = "channel", "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(channel.pk), channel.name) for channel in Channel.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = whole(self.value())
        return queryset if chosen is None else queryset.filter(channel_id=chosen)


class OnDates(RangeDateFilter):
    """From one day to another, both included, in the house's zone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "date"

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        first, last = (self._day(self.used_parameters.get(f"{self.field_path}_{end}")) for end in ("from", "to"))
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": _midnight(first)})
        if last:
            queryset = queryset.filter(**{f"{self.field_path}__lt": _midnight(last + timedelta(days=1))})
        return queryset

    @staticmethod
    def _day(text: Any) -> date | None:
        try:
            return DateField(required=False).to_python(text)
        except ValidationError:
            return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
