"""The buyer's one contact, as a body says it."""

from __future__ import annotations

from core import contacts
from inventory.api.asking import Asker
from ticketing.services.refusals import ContactInvalid

MOST = 120  # what an order keeps; an address of the world's longer half is refused rather than cut


def contact_of(text: str, asker: Asker) -> str:
    """A mobile number or an e-mail address in its one spelling; '' for none, which the web may not say.

    There a contact is all that a buyer can be limited by and written to. Raises ContactInvalid.
    """
    if not text.strip():
        if asker.channel_kind == "web":
            raise ContactInvalid
        return ""
    try:
        contact = contacts.read_contact(text)
    except contacts.ContactInvalid as error:
        raise ContactInvalid(str(error)) from None
    if len(contact) > MOST:
        raise ContactInvalid("Give a shorter e-mail address, or a mobile number.")
    return contact
