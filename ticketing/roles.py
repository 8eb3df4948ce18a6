"""Who may do what: the groups a house starts with. A house may change them, or make its own.

What is named here and not there yet comes with the migration that makes it, which calls `make_roles` again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MANAGER = "Box-office manager"
ASSISTANT = "Box-office assistant"
COUNTER = "Counter staff"
GATE_SUPERVISOR = "Gate supervisor"
GATE = "Gate staff"
FINANCE = "Finance"
AUDITOR = "Auditor"

_STOCK = ("show", "venue", "section", "tier", "place", "claim", "hold", "allocation", "allocationchannel", "channel",
          "releasestep", "freeze", "freezerule", "movement", "entry", "incident")  # fmt: skip
_MONEY = ("order", "orderline", "ordercontact", "contacterasure", "payment", "refund", "ticket", "document", "letter",
          "complimentary", "guestlist", "guest")  # fmt: skip
_PRICES = (
    "price",
    "priceexception",
    "terms",
    "seller",
    "eventcategory",
    "taxband",
    "localtax",
    "documentseries",
    "showchange",
)


def _may(app: str, models: Iterable[str], *verbs: str) -> frozenset[str]:
    return frozenset(f"{app}.{verb}_{model}" for model in models for verb in verbs)


_SEE_STOCK = _may("inventory", _STOCK, "view")
_SEE_MONEY = _may("ticketing", (*_MONEY, "gatewayevent"), "view")
_SEE_PRICES = _may("ticketing", _PRICES, "view")
_PARTS = ("show", "section", "tier", "allocation", "allocationchannel", "releasestep", "freezerule")
_BUILD_SHOWS = (
    _may("inventory", _PARTS, "add", "change", "delete") | _may("inventory", ("freeze",), "add", "change")
)  # fmt: skip
# Money that goes back, or is asked for.
MONEY_VERBS = frozenset({
    "ticketing.refund_order", "ticketing.set_price", "ticketing.approve_price_exception", "ticketing.sell_from_hold",
})  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A group's name, and what its members may do, each as `app.codename`."""

    name: str
    may: frozenset[str]


ROLES = (
    Role(
        MANAGER,
        _SEE_STOCK | _SEE_MONEY | _SEE_PRICES | _BUILD_SHOWS | MONEY_VERBS
        | _may("inventory", ("venue", "channel"), "add", "change", "delete")
        | _may("inventory", ("apikey",), "view", "add", "change")
        | _may("ticketing", ("terms",), "add", "change")
        | {"inventory.use_counter", "ticketing.publish_show", "ticketing.cancel_show", "inventory.place_hold",
           "inventory.break_hold", "inventory.slice_pool", "ticketing.cancel_order", "ticketing.resend_tickets",
           "ticketing.erase_contact", "ticketing.reseat_order", "ticketing.issue_complimentary",
           "ticketing.import_guests",
           "axes.view_accessattempt", "axes.delete_accessattempt", "axes.view_accessfailurelog",
           "admin.view_logentry"},
    ),
    Role(
        ASSISTANT,
        _SEE_STOCK | _SEE_MONEY | _SEE_PRICES | _BUILD_SHOWS
        | {"inventory.use_counter", "ticketing.publish_show", "inventory.place_hold", "inventory.slice_pool",
           "ticketing.cancel_order", "ticketing.resend_tickets", "ticketing.reseat_order",
           "ticketing.issue_complimentary", "ticketing.import_guests"},
    ),
    Role(
        COUNTER,
        _may("inventory", ("show", "place", "claim", "freeze"), "view")
        | _may("ticketing", ("order", "ticket", "payment"), "view")
        | {"inventory.use_counter", "ticketing.resend_tickets"},
    ),
    Role(GATE_SUPERVISOR, _SEE_STOCK | _may("ticketing", ("order", "ticket"), "view")),
    Role(GATE, _may("inventory", ("show",), "view") | _may("ticketing", ("ticket",), "view")),
    Role(
        FINANCE,
        _may("inventory", ("show", "venue", "channel", "tier", "place", "claim"), "view")
        | _SEE_MONEY | _SEE_PRICES
        | _may("ticketing", ("terms", "seller", "eventcategory", "taxband", "localtax"), "add", "change")
        | {"ticketing.refund_order", "admin.view_logentry"},
    ),
    Role(
        AUDITOR,
        _SEE_STOCK | _SEE_MONEY | _SEE_PRICES | _may("inventory", ("apikey",), "view")
        | _may("auth", ("user", "group"), "view") | _may("admin", ("logentry",), "view")
        | {"axes.view_accessattempt", "axes.view_accessfailurelog"},
    ),
)  # fmt: skip


def make_roles(group: Any, permission: Any) -> None:
    """Make the groups that are missing, and give each what it may do and has not got. What a house took away comes
    back: a house that wants another role makes one under another name.

    `group` and `permission` are the models, of this moment or of a migration's.
    """
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role in ROLES:
        made, _ = group.objects.get_or_create(name=role.name)
        made.permissions.add(*(known[name] for name in sorted(role.may) if name in known))
