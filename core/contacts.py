"""How a buyer is reached: one mobile number or one e-mail address, in the one spelling that is stored and compared.

No library of the world's numbering plans: it would weigh more than this program and be out of date in weeks, while all
that is asked is whether an Indian mobile number is one. Of others only the shape is checked (ITU-T E.164); whether
anybody answers is seen when something is sent.
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

ADDRESS_MOST, LOCAL_MOST = 254, 64  # RFC 5321, 4.5.3.1
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)(?!\d+$)[a-z0-9-]{2,63}(?<!-)")
_BETWEEN_DIGITS = re.compile(r"[\s().-]")
_INDIAN_MOBILE = re.compile(r"(?:\+91|91)?0?([6-9]\d{9})")
_GMAIL = {"gmail.com", "googlemail.com"}
_FOREIGN = re.compile(r"\+(?!91)[1-9]\d{6,14}")


class ContactInvalid(ValueError):
    """Neither a mobile number nor an e-mail address; the message says what is wrong with it."""

    code: ClassVar[str] = "contact_invalid"


def read_contact(text: str) -> str:
    """`+919820012345`, another number in E.164, or `name@example.com` in small letters. Raises ContactInvalid."""
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) > ADDRESS_MOST:
        raise ContactInvalid("No number and no e-mail address is as long as this.")
    return _address(text) if "@" in text else _number(text)


def counted_as(contact: str) -> str:
    """What limits count a contact by: an address without what its owner can add to it at will.

    That is `+anything` (RFC 5233), and at Gmail the dots (https://support.google.com/mail/answer/7436150). Nothing is
    ever sent there.
    """
    local, at, domain = contact.rpartition("@")
    if not at:
        return contact
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def is_email(contact: str) -> bool:
    """Whether a contact that was read is an address, and not a number."""
    return "@" in contact


def masked(contact: str) -> str:
    """`98******45`, `+44*******12` or `ga***@example.com`: enough for its owner to know it, too little to use."""
    if is_email(contact):
        local, domain = contact.rsplit("@", 1)
        return f"{local[: 2 if len(local) > 2 else 1]}***@{domain}"
    number = contact.removeprefix("+91")
    shown = 2 if number != contact else 3
    return f"{number[:shown]}{'*' * (len(number) - shown - 2)}{number[-2:]}"


def _number(text: str) -> str:
    # Digits of every script are digits: a phone set to Hindi or Tamil types its own.
    text = "".join(str(unicodedata.decimal(letter, letter)) for letter in _BETWEEN_DIGITS.sub("", text))
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if indian := _INDIAN_MOBILE.fullmatch(text):
        return f"+91{indian[1]}"
    if _FOREIGN.fullmatch(text):
        return text
    raise ContactInvalid("Give a mobile number of ten digits, or one that begins with + and the country's code.")


def _address(text: str) -> str:
    local, domain = text.lower().rsplit("@", 1)
    if not _LOCAL.fullmatch(local) or len(local) > LOCAL_MOST:
        raise ContactInvalid("The part of an e-mail address before the @ cannot be like this.")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain) or len(local) + 1 + len(domain) > ADDRESS_MOST:
        raise ContactInvalid("The part of an e-mail address after the @ cannot be like this.")
    return f"{local}@{domain}"
