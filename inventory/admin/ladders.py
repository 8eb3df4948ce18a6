"""Release ladders: dated steps to plan while they lie ahead, and to look at once they are done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from core.admin import TabularInline
from inventory.admin import filters, words
from inventory.admin.hold_acts import MAY_BREAK
from inventory.admin.links import list_of, to
from inventory.admin.of_a_show import OfAShowAdmin, OfAShowForm, parts_to_choose
from inventory.models import ReleaseStep

# What a form may not save over: another transaction may be carrying the step out. Why is no column.
NOT_SAVED = ("done_at", "movement", "note")


class StepForm(OfAShowForm):
    """A step that lies ahead, and leads somewhere."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        at, hold, allocation = (cleaned.get(name) for name in ("at", "hold", "allocation"))
        if at is not None and "at" in self.changed_data and at <= timezone.now():
            self.add_error("at", "This moment is past. A step lies ahead.")
        if hold is not None and hold.claim.ended_at is not None:
            self.add_error("hold", "This hold has ended: it has nothing to give back.")
        if hold is not None and hold.claim.reference:
            self.add_error("hold", "These places are ordered and not paid yet: no ladder gives them back.")
        if allocation is not None and allocation.is_pool and cleaned.get("to_allocation") is None:
            self.add_error("to_allocation", "The pool is everybody's already: name where its places go.")
        if allocation is not None and cleaned.get("to_allocation") == allocation:
            self.add_error("to_allocation", "A step leads to another allocation than its own.")
        return cleaned

    def changed_columns(self) -> list[str]:
        return [name for name in self.changed_data if name not in NOT_SAVED]


class StepFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # at run time Django's takes none
    """The steps of one allocation, which are of its show."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"show_id": self.instance.show_id}

    def full_clean(self) -> None:
        # A new allocation gets its show from its own form, which is cleaned after these forms were made.
        for form in self.forms:
            form.instance.show_id = self.instance.show_id
        super().full_clean()

    def clean(self) -> None:
        super().clean()
        if any(form.instance.pk is None for form in self.initial_forms):
            raise ValidationError("A step was carried out or deleted while this form was open. Load the page again.")

    def save_existing(self, form: Any, obj: ReleaseStep, commit: bool = True) -> ReleaseStep:
        step: ReleaseStep = form.save(commit=False)
        if commit:
            step.save(update_fields=form.changed_columns())
        return step


class StepInline(TabularInline):
    """The steps of an allocation that lie ahead; what is done stands above them, to read."""

    model = ReleaseStep
    form = StepForm
    formset = StepFormSet
    fk_name = "allocation"
    fields = ("at", "share_percent", "quantity", "to_allocation")
    extra = 0
    verbose_name = "step that gives places back"
    verbose_name_plural = "release ladder: steps that give places back"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(done_at=None)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **parts_to_choose(db_field, kwargs))


@admin.register(ReleaseStep)
class ReleaseStepAdmin(OfAShowAdmin):
    form = StepForm
    list_display = ("name", "gives", "whose", "leads_to", "show", "state")
    list_select_related = ("show", "allocation", "hold__claim", "to_allocation", "movement")
    list_filter = (filters.ByShow, filters.IsDone)
    search_fields = ("show__title", "allocation__name", "hold__party")
    ordering = ("-show__starts_at", "show", "at", "id")
    fields = ("show", ("allocation", "hold"), "at", ("share_percent", "quantity"), "to_allocation")

    def why_at_first(self, request: HttpRequest) -> str:
        return ""

    def why_kept(self, obj: ReleaseStep) -> str:
        return "This step has been carried out, so it is kept." if obj.done_at else ""

    def has_change_permission(self, request: HttpRequest, obj: ReleaseStep | None = None) -> bool:
        may = super().has_change_permission(request, obj) and not (obj and obj.done_at)
        return may and (obj is None or obj.hold_id is None or request.user.has_perm(MAY_BREAK))

    def has_delete_permission(self, request: HttpRequest, obj: ReleaseStep | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.hold_id is None or request.user.has_perm(MAY_BREAK))

    def get_readonly_fields(self, request: HttpRequest, obj: ReleaseStep | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "state")

    def get_fields(self, request: HttpRequest, obj: ReleaseStep | None = None) -> Any:
        if obj is not None:
            return (*self.fields, "state")
        # A step of a hold gives its places away: it is planned with the hold, or by whoever may break it.
        if request.user.has_perm(MAY_BREAK):
            return self.fields
        return tuple("allocation" if name == ("allocation", "hold") else name for name in self.fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "allocation" in form.base_fields and "hold" not in form.base_fields:
            form.base_fields["allocation"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: ReleaseStep, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_columns())
        else:
            obj.save()

    @admin.display(description="at")
    def name(self, step: ReleaseStep) -> str:
        return words.clock(step.at).removesuffix(":00")

    @admin.display(description="gives")
    def gives(self, step: ReleaseStep) -> str:
        return words.much(step.share_percent, step.quantity)

    @admin.display(description="of")
    def whose(self, step: ReleaseStep) -> SafeString | str:
        return to(step.allocation) if step.allocation else to(step.hold and step.hold.claim, step.hold)

    @admin.display(description="to")
    def leads_to(self, step: ReleaseStep) -> str:
        return str(step.to_allocation or ("the pool" if step.allocation_id else "where each was"))

    @admin.display(description="state")
    def state(self, step: ReleaseStep) -> SafeString | str:
        return words.step_state(step)


def ladder_of(**source: Any) -> SafeString | str:
    """The steps of an allocation or a hold, in order, each with what became of it."""
    steps = ReleaseStep.objects.filter(**source).select_related("to_allocation", "movement").order_by("at", "pk")
    gives = [(step, f"{words.much(step.share_percent, step.quantity)} on {words.clock(step.at)}") for step in steps]
    return words.lines([(to(step, text), words.step_state(step)) for step, text in gives])


def adding_step(**source: Any) -> str:
    """The address of the page that adds a step to this allocation or hold."""
    return list_of(ReleaseStep, **source).replace("?", "add/?", 1)
