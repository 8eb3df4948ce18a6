"""Money in forms: people type rupees, and paise are what is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from core.money import rupees_plain

if TYPE_CHECKING:
    from django.forms import TextInput
else:
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput


class RupeesField(forms.DecimalField):
    """`499` or `1,180.50` becomes 49900 or 118050 paise; an empty one, where that may be, None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        options: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "min_value": 0, "widget": widget}
        super().__init__(**options | kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs take it for whole numbers
        if isinstance(value, str):
            value = value.replace(",", "").replace("₹", "").strip()
        return super().to_python(value)

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)

    def prepare_value(self, value: Any) -> Any:
        return rupees_plain(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(Decimal(initial) / 100 if isinstance(initial, int) else initial, data)
