"""Sellers: in whose name tickets are sold, and under which registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.admin import CatalogAdmin
from inventory.admin.words import label
from ticketing.models import DocumentSeries, Seller, Terms
from ticketing.tax.gstin import GstinInvalid, read_gstin
from ticketing.tax.states import STATES

if TYPE_CHECKING:
    from django.forms import TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

STATUS_LABELS = {
    Seller.GstStatus.UNREGISTERED: "",
    Seller.GstStatus.COMPOSITION: "warning",
    Seller.GstStatus.REGULAR: "success",
}


class SellerForm(ModelForm):  # type: ignore[type-arg]  # at run time Django's takes none
    """A seller whose GSTIN is one, and of the state that is said."""

    warning = ""

    # Longer than a GSTIN, for the blanks in it.
    gstin = CharField(label="GSTIN", required=False, max_length=30, widget=TextInput)

    def clean_state_code(self) -> str:
        code = str(self.cleaned_data["state_code"])
        if code not in STATES:
            raise ValidationError("No state has this code.")
        return code

    def clean_gstin(self) -> str:
        text = str(self.cleaned_data["gstin"])
        if not text:
            return ""
        try:
            gstin = read_gstin(text)
        except GstinInvalid as error:
            raise ValidationError(str(error)) from error
        self.warning = gstin.warning
        return gstin.text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        gstin, state = cleaned.get("gstin"), cleaned.get("state_code")
        if gstin and state and gstin[:2] != state:
            self.add_error("gstin", f"This GSTIN is of {STATES[gstin[:2]]}, and the state is another.")
        return cleaned


@admin.register(Seller)
class SellerAdmin(CatalogAdmin):
    form = SellerForm
    list_display = ("legal_name", "code", "status", "gstin", "state")
    search_fields = ("legal_name", "code", "gstin")
    sortable_by = ()
    fieldsets = (
        (None, {"fields": ("legal_name", "code", "address", "support_contact")}),
        ("Registration", {"fields": ("gst_status", "gstin", "state_code")}),
    )

    def why_kept(self, obj: Seller) -> str:
        if DocumentSeries.objects.filter(seller=obj).exists():
            return "This seller has given documents out, so it is kept."
        return "Shows are sold in this seller's name, so it is kept." if _sells(obj) else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Seller | None = None) -> tuple[str, ...]:
        has_documents = obj is not None and DocumentSeries.objects.filter(seller=obj).exists()
        return ("code",) if has_documents else ()

    def save_model(self, request: HttpRequest, obj: Seller, form: SellerForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.warning:
            messages.warning(request, form.warning)

    @admin.display(description="GST")
    def status(self, seller: Seller) -> SafeString:
        return label(seller.get_gst_status_display(), STATUS_LABELS[Seller.GstStatus(seller.gst_status)])

    @admin.display(description="state")
    def state(self, seller: Seller) -> str:
        return f"{seller.state_code} {STATES.get(seller.state_code, '')}"


def _sells(seller: Seller) -> bool:
    return Terms.objects.filter(seller=seller).exists()
