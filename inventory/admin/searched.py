"""Lists whose rows are found by the reason for them, too."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import FactAdmin
from inventory.admin.reasons import codes_of


class FoundByReason(FactAdmin):
    """Rows with a `reason_code`, found by its words as well as by whatever else `search_fields` names."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_repeat
        return found | queryset.filter(reason_code__in=codes_of(search_term)), may_repeat
