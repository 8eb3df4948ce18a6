"""Rows that belong to a show: they stay of that show, and what they name is of that show."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils import timezone

from core.admin import CatalogAdmin
from core.why import BUILDING
from inventory.admin import filters
from inventory.models import Allocation, Hold, Section, Show, Tier

PARTS = (Allocation, Hold, Section, Tier)
FIXED = (
    "The show's house is loaded, so this code is fixed: every place and its history point at it. "
    "Name, order and colour may change."
)


def has_house(show: Show | None) -> bool:
    """Whether the show has places; every load of a manifest raises its version."""
    return show is not None and show.manifest_version > 0


def why_at_first(show: Show | None) -> str:
    """What stands in the box that asks why: of a draft it goes without saying."""
    return BUILDING if show is not None and show.state == Show.State.DRAFT else ""


class PartField(ModelChoiceField):  # type: ignore[type-arg]  # at run time Django's takes none
    """Parts of one show to choose from. A part of another show gets through here: the form then says whose it is."""

    is_narrow = False

    def narrow(self, show_id: int | None) -> None:
        """Offer this show's parts alone; without a show, everybody's, each with its show."""
        assert self.queryset is not None
        rows = self.queryset.select_related(_way_to_show(self.queryset.model))
        self.is_narrow = show_id is not None
        self.queryset = rows if show_id is None else rows.filter(**{_way_to_show(rows.model): show_id})

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if self.is_narrow else f"{obj} ({_with_date(show_of(obj))})"

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            assert self.queryset is not None
            part = self.queryset.model._default_manager.filter(pk=filters.whole(str(value)) or 0).first()
            if part is None:
                raise
            return part


class ShowField(ModelChoiceField):  # type: ignore[type-arg]  # at run time Django's takes none
    """Shows to choose from, each with its date: a run of nights has one title."""

    def label_from_instance(self, obj: Any) -> str:
        return _with_date(obj)


class OfAShowForm(ModelForm):  # type: ignore[type-arg]  # at run time Django's takes none
    """A row of a show, which stays of that show, as does what it names. `show_id` is for a row that has none yet."""

    def __init__(self, *args: Any, show_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.show_id is None:
            self.instance.show_id = show_id
        asked = self.data.get(self.add_prefix("show")) if self.is_bound else self.initial.get("show")
        for field in self.parts.values():
            field.narrow(self.instance.show_id or filters.whole(str(getattr(asked, "pk", asked))))

    @property
    def parts(self) -> dict[str, PartField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, PartField)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        show = cleaned.get("show") or (self.instance.show if self.instance.show_id else None)
        for name in self.parts if show is not None else ():
            part = cleaned.get(name)
            if part is not None and show_of(part) != show:
                self.add_error(name, f"{part} is of {_with_date(show_of(part))}, not of this show.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # A name or code is compared with the show's others, though the show itself is not asked for again.
        known = {"show"} if self.instance.show_id is not None else set()
        return super()._get_validation_exclusions() - known  # type: ignore[misc,no-any-return]


def parts_to_choose(db_field: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """For `formfield_for_foreignkey`: what belongs to a show is chosen among what that show has."""
    if db_field.remote_field.model is Show:
        return {"form_class": ShowField, **kwargs}
    return {"form_class": PartField, **kwargs} if db_field.remote_field.model in PARTS else kwargs


def show_of(part: Any) -> Show:
    show: Show = part.claim.show if isinstance(part, Hold) else part.show
    return show


def _way_to_show(model: type[Model]) -> str:
    return "claim__show" if model is Hold else "show"


def _with_date(show: Show) -> str:
    return f"{show.title}, {timezone.localtime(show.starts_at):%d %b %Y}"


class OfAShowAdmin(CatalogAdmin):
    """Rows of a show, which never change to another show's; `fixed` are what else is fixed once the house is loaded."""

    form = OfAShowForm
    list_select_related: ClassVar[tuple[str, ...]] = ("show",)
    list_filter: ClassVar[tuple[Any, ...]] = (filters.ByShow,)
    ordering: ClassVar[tuple[str, ...]] = ("-show__starts_at", "show", "id")
    sortable_by = ()
    search_fields: ClassVar[tuple[str, ...]] = ("name", "show__title")
    fixed: tuple[str, ...] = ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **parts_to_choose(db_field, kwargs))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("show", *self.fixed) if has_house(obj.show) else ("show",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None or not self.fixed or not has_house(obj.show):
            return sets
        (name, options), *rest = sets
        return [(name, {**options, "description": FIXED}), *rest]
