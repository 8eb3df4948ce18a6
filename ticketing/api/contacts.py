"""The buyer's one contact, as a body or a form says it."""

from __future__ import annotations

from core import contacts
from ticketing.services.refusals import ContactInvalid


def contact_of(text: str) -> str:
    """A mobile number or an e-mail address in its one spelling; '' for none. Raises ContactInvalid."""
    if not text.strip():
        return ""
    try:
        return contacts.read_contact(text)
    except contacts.ContactInvalid as error:
        raise ContactInvalid(str(error)) from error
