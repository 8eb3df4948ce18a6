"""What our admin pages stand on: unfold's classes, facts that nobody edits, lists that do not count millions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from core.why import SaysWhy

if TYPE_CHECKING:
    # unfold ships no types. Its classes are Django's with another look, so Django's stand in for the checker.
    from django.contrib import admin
    from django.contrib.admin import FieldListFilter as RangeDateFilter
    from django.contrib.admin import SimpleListFilter as DropdownFilter
    from django.contrib.admin.views.main import ChangeList
    from django.core.paginator import Page as DjangoPage
    from django.core.paginator import Paginator as DjangoPaginator

    UnfoldAdmin = admin.ModelAdmin[Any]
    UnfoldTabularInline = admin.TabularInline[Any, Any]
    Paginator = DjangoPaginator[Any]
    Page = DjangoPage[Any]
else:
    from django.core.paginator import Page, Paginator
    from unfold.admin import ModelAdmin as UnfoldAdmin
    from unfold.admin import TabularInline as UnfoldTabularInline
    from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
    from unfold.views import ChangeList

__all__ = [
    "CappedPaginator",
    "CatalogAdmin",
    "DropdownFilter",
    "FactAdmin",
    "RangeDateFilter",
    "TabularInline",
    "UnfoldAdmin",
]


class TabularInline(UnfoldTabularInline):
    """Rows of a table, each field with its column's name: the heading above it is no label of it."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field


class PageOfRows(ChangeList):
    """A list that lets its admin look up, once for the whole page, what the columns need."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.show_full_result_count:
            # unfold offers to "show all" beside a count that differs from the whole; where the whole is not counted,
            # there is nothing to compare.
            self.full_result_count = self.result_count
        self.model_admin.prepare_rows(self.result_list)  # type: ignore[attr-defined]


class RowsAdmin(UnfoldAdmin):
    """An admin whose columns may need more than the row: `prepare_rows` gets the page's rows and puts it on them."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PageOfRows

    def prepare_rows(self, rows: QuerySet[Any]) -> None:
        """Look up what the columns need, in one query for the page."""


class CappedPaginator(Paginator):
    """Counts to `most` and no further: nobody turns ten thousand lines over, and counting a million is slow."""

    most = 10_000
    template_name = "core/capped_pagination.html"

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[: self.most].count()

    @property
    def is_capped(self) -> bool:
        return self.count == self.most

    def page(self, number: int | str) -> Page:
        """Sort narrow rows to find which are on this page, and join what the columns need for those alone."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        pks = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=pks), valid, self)


class FactAdmin(RowsAdmin):
    """Shows rows that only verbs write. Nobody adds, changes or deletes one here, superusers included."""

    actions = None
    list_per_page = 50
    list_filter_submit = True
    # Whatever counts a whole table is left out.
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Django's own log of edits has nothing to say about what cannot be edited.
        return super().change_view(request, object_id, form_url, {"show_history": False} | (extra_context or {}))


class CatalogAdmin(SaysWhy, RowsAdmin):
    """Edits rows that people make, and asks them why. What the ledger leans on is kept, and whoever tries to delete it
    is told what for."""

    # One at a time: each deletion has its own reason to be refused.
    actions = None

    def why_kept(self, obj: Any) -> str:
        """Why this row cannot be deleted, in a sentence; '' when it can."""
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.why_kept(obj))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj: Model | None = self.get_object(request, object_id)
        if obj is not None and super().has_delete_permission(request, obj) and (reason := self.why_kept(obj)):
            messages.error(request, reason)
            name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[obj.pk]))
        return super().delete_view(request, object_id, extra_context)
