"""Documents and letters, read-only: what was numbered for the tax office, and what was sent to buyers."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from core.admin import FactAdmin
from inventory.admin.filters import whole
from inventory.admin.form_page import demand, number
from inventory.admin.links import link, to
from inventory.admin.words import clock, who
from ticketing.admin import filters, tables, words
from ticketing.models import Document, Letter
from ticketing.services.printing import document_pdf


@admin.register(Document)
class DocumentAdmin(FactAdmin):
    list_display = ("number", "kind", "of_order", "show", "amount", "of_refund", "issued")
    list_select_related = ("order__show", "refund", "series__seller")
    list_filter = (filters.ByOrdersShow, filters.ByDocumentKind, ("issued_at", filters.OnDates))
    search_fields = ("number__iexact",)
    search_help_text = "Its whole number"
    fieldsets = (
        (None, {"fields": (("number", "kind"), ("seller", "issued"), "paper")}),
        ("About", {"fields": (("of_order", "show"), ("of_refund", "amount"))}),
    )
    readonly_fields = ("seller", "of_order", "show", "of_refund", "amount", "issued", "paper")

    def get_urls(self) -> list[URLPattern]:
        paper = self.admin_site.admin_view(self.paper_page)
        return [path("<str:pk>/paper/", paper, name="ticketing_document_paper"), *super().get_urls()]

    def paper_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The document itself, as it was issued. It names no buyer."""
        demand(request, "ticketing.view_document")
        document = Document.objects.filter(pk=number(pk)).first()
        if document is None:
            raise Http404
        name = f"{document.number.replace('/', '-')}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(document_pdf(document.pk), content_type="application/pdf", headers=headers)

    @admin.display(description="as issued")
    def paper(self, document: Document) -> SafeString:
        return link(reverse("admin:ticketing_document_paper", args=[document.pk]), "PDF")

    @admin.display(description="seller")
    def seller(self, document: Document) -> str:
        return str(document.series.seller)

    @admin.display(description="order")
    def of_order(self, document: Document) -> SafeString | str:
        return words.of_order(document.order)

    @admin.display(description="show")
    def show(self, document: Document) -> SafeString | str:
        return to(document.order.show)

    @admin.display(description="refund")
    def of_refund(self, document: Document) -> SafeString | str:
        return words.of_refund(document.refund)

    @admin.display(description="amount")
    def amount(self, document: Document) -> str:
        return words.amount(document.amount_paise)

    @admin.display(description="issued")
    def issued(self, document: Document) -> str:
        return clock(document.issued_at)


@admin.register(Letter)
class LetterAdmin(FactAdmin):
    list_display = ("name", "of_order", "show", "to_whom", "state", "due", "sent", "tries")
    list_select_related = ("order__show", "order__contact", "order__contact_erasure")
    list_filter = (filters.ByOrdersShow, filters.ByLetterKind, filters.IsSent)
    search_fields = ("id",)  # what is searched is in get_search_results; without this there is no box
    search_help_text = "Its order's number"
    fieldsets = (
        (None, {"fields": (("kind", "state"), ("of_order", "show"), ("to_whom", "by_whom"))}),
        ("When", {"fields": (("due", "sent"), ("tries", "error"))}),
    )
    readonly_fields = ("of_order", "show", "to_whom", "state", "due", "sent", "by_whom")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        letters: QuerySet[Letter] = super().get_queryset(request)
        return letters.annotate(who=who("actor"), sees_guests=Value(request.user.has_perm(words.SEE_GUESTS)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Letter], search_term: str
    ) -> tuple[QuerySet[Letter], bool]:
        term = search_term.strip().upper().removeprefix("HF-")
        return (queryset.filter(order_id=whole(term) or 0) if term else queryset), False

    @admin.display(description="letter")
    def name(self, letter: Letter) -> str:
        return letter.get_kind_display()

    @admin.display(description="order")
    def of_order(self, letter: Letter) -> SafeString | str:
        return words.of_order(letter.order)

    @admin.display(description="show")
    def show(self, letter: Letter) -> SafeString | str:
        return to(letter.order.show)

    @admin.display(description="to")
    def to_whom(self, letter: Letter) -> str:
        return words.contact(letter.order, letter.sees_guests)  # type: ignore[attr-defined]

    @admin.display(description="state")
    def state(self, letter: Letter) -> SafeString:
        state: SafeString = tables.letter_state(letter)
        return state

    @admin.display(description="asked for by", empty_value="-")
    def by_whom(self, letter: Letter) -> str | None:
        return getattr(letter, "who", None) or letter.actor or None

    @admin.display(description="due")
    def due(self, letter: Letter) -> str:
        return clock(letter.due_at)

    @admin.display(description="sent")
    def sent(self, letter: Letter) -> str:
        return clock(letter.sent_at)
