"""How lists of money are narrowed down."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest

from core.admin import DropdownFilter
from inventory.admin.filters import ByChannel, ByShow, Choices, OnDates, Rows
from ticketing.models import Document, Letter, Order, Payment, Refund
from ticketing.models.outbox import NOBODYS_FAULT

__all__ = [
    "ByAside",
    "ByChannel",
    "ByDocumentKind",
    "ByLetterKind",
    "ByOrderState",
    "ByOrdersShow",
    "ByPaymentState",
    "ByRefundState",
    "ByShow",
    "ByTender",
    "ByTiersShow",
    "IsDone",
    "IsInForce",
    "IsSent",
    "IsVoid",
    "OnDates",
]


class ByOrdersShow(ByShow):
    of_show = "order__show_id"


class ByTiersShow(ByShow):
    of_show = "tier__show_id"


class ByField(DropdownFilter):
    """Rows whose field of the filter's name has the chosen value."""

    choices_of: Any

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [choice for choice in self.choices_of.choices if choice[0]]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = self.value()
        return queryset.filter(**{str(self.parameter_name): chosen}) if chosen in self.choices_of.values else queryset


class ByOrderState(ByField):
    title, parameter_name, choices_of = "state", "state", Order.State


class ByPaymentState(ByField):
    title, parameter_name, choices_of = "state", "state", Payment.State


class ByRefundState(ByField):
    title, parameter_name, choices_of = "state", "state", Refund.State


class ByTender(ByField):
    title, parameter_name, choices_of = "tender", "tender", Payment.Tender


class ByAside(ByField):
    title, parameter_name, choices_of = "set aside", "aside_as", Payment.Aside


class ByDocumentKind(ByField):
    title, parameter_name, choices_of = "kind", "kind", Document.Kind


class ByLetterKind(ByField):
    title, parameter_name, choices_of = "kind", "kind", Letter.Kind


class IsEmpty(DropdownFilter):
    """Whether a moment has come or not."""

    moment: str
    answers: Choices  # the one where it has come, then the one where not

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return self.answers

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        come, not_come = (value for value, _ in self.answers)
        if self.value() not in (come, not_come):
            return queryset
        return queryset.filter(**{f"{self.moment}__isnull": self.value() == not_come})


class IsVoid(IsEmpty):
    title, parameter_name, moment = "state", "state", "voided_at"
    answers = [("void", "Void"), ("good", "Good")]


class IsSent(IsEmpty):
    title, parameter_name, moment = "state", "state", "sent_at"
    answers = [("sent", "Sent"), ("waiting", "Not sent yet")]
    TROUBLE = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*self.answers, (self.TROUBLE, "In trouble")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() == self.TROUBLE:
            return queryset.filter(sent_at__isnull=True).exclude(error__in=NOBODYS_FAULT)
        return super().queryset(request, queryset)


class IsDone(IsEmpty):
    title, parameter_name, moment = "state", "state", "done_at"
    answers = [("done", "Done"), ("waiting", "To be worked on")]


class IsInForce(DropdownFilter):
    """Whether an exception holds now, will, or held."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("now", "In force"), ("ahead", "To come"), ("over", "Over")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case "now":
                return queryset.filter(begins_at__lte=Now(), ends_at__gt=Now())
            case "ahead":
                return queryset.filter(begins_at__gt=Now(), ends_at__gt=F("begins_at"))
            case "over":
                return queryset.filter(ends_at__lte=Now())
        return queryset
