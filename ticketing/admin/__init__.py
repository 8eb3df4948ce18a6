"""The admin of money: who sells, how it is taxed and priced is edited; what was paid, sent and given back is shown."""

from ticketing.admin import (
    claims,
    events,
    guest_lists,
    orders,
    papers,
    payments,
    prices,
    reasons,
    refunds,
    sellers,
    shows,
    taxes,
    terms,
    tickets,
)

__all__ = [
    "claims",
    "events",
    "guest_lists",
    "orders",
    "papers",
    "payments",
    "prices",
    "reasons",
    "refunds",
    "sellers",
    "shows",
    "taxes",
    "terms",
    "tickets",
]
