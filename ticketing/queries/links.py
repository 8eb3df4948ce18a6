"""By what buyers know an order and its tickets: numbers to say aloud, and the address that opens the tickets."""

from __future__ import annotations

from django.conf import settings

from core.opaque import opaque, revealed

_KIND = "tickets"


def ticket_page_path(order_id: int) -> str:
    """Where an order's tickets are. Whoever has it has the tickets, and nobody can guess it."""
    return f"/tickets/{opaque(_KIND, order_id)}"


def ticket_page_url(order_id: int) -> str:
    """The same from outside, for letters and calendars."""
    return settings.PUBLIC_URL.rstrip("/") + ticket_page_path(order_id)


def order_of_ticket_page(text: str) -> int | None:
    """The order that the last part of such an address names, or None where it is none of ours."""
    return revealed(_KIND, text)


def order_reference(order_id: int) -> str:
    """`HF-1234`: on papers, at the counter, and at the start of what the gateway keeps. It opens nothing."""
    return f"HF-{order_id}"


def ticket_number(ticket_id: int) -> str:
    """`T-5678`: on the ticket, and what a gate calls it. It opens nothing."""
    return f"T-{ticket_id}"
