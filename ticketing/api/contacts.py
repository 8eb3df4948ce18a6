"""The buyer's one contact, as a body says it."""

from __future__ import annotations

from ticketing.services.refusals import ContactInvalid


def contact_of(text: str) -> str:
    """A mobile number or an e-mail address in its one spelling; '' for none. Raises ContactInvalid."""
    if not text.strip():
        return ""
    if "@" not in text and sum(letter.isdigit() for letter in text) < 10:
        raise ContactInvalid
    return text.strip().casefold()
