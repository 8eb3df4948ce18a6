"""What a buyer fills in: how many of the best places, and where the tickets go."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from core.fields import is_one_line


class BestForm(forms.Form):
    """The best so many places there are. `key` is the Idempotency-Key: a form that is sent twice is done once."""

    key = forms.RegexField(r"^[0-9a-f-]{36}$", widget=forms.HiddenInput)
    quantity = forms.TypedChoiceField(label="How many", coerce=int)
    tier = forms.ChoiceField(required=False)
    section = forms.ChoiceField(required=False)
    accessible = forms.TypedChoiceField(
        label="Wheelchair places among them", coerce=int, required=False, empty_value="0"
    )
    together = forms.BooleanField(label="Only if we all sit together", required=False)

    def __init__(
        self, *args: Any, most: int, tiers: list[str], sections: list[str], wheelchairs: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        counts = [(number, str(number)) for number in range(1, most + 1)]
        self._choose("quantity", counts)
        self._choose("accessible", [(0, "None"), *counts] if wheelchairs else [(0, "None")])
        self._choose("tier", [("", ""), *((code, code) for code in tiers)])
        self._choose("section", [("", ""), *((code, code) for code in sections)])

    @classmethod
    def blank(cls, **choices: Any) -> BestForm:
        """One to be filled in, under a new key: two together, if there are two."""
        return cls(initial={"key": str(uuid4()), "quantity": min(2, choices["most"])}, **choices)

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["accessible"] = int(cleaned.get("accessible") or 0)
        if cleaned["accessible"] > cleaned.get("quantity", 0):
            self.add_error("accessible", "Not more wheelchair places than places in all.")
        return cleaned


class ContactForm(forms.Form):
    """Where the tickets go. One contact, a name if the buyer likes."""

    contact = forms.CharField(
        label="Mobile number or e-mail",
        max_length=120,
        error_messages={"required": "Say where the tickets should go: a mobile number or an e-mail address."},
    )
    name = forms.CharField(label="Name (if you like)", max_length=80, required=False)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not is_one_line(name):
            raise forms.ValidationError("Write the name on one line.")
        return name
