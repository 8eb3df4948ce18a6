"""The admin's look and its menu: django-unfold's settings. An entry is seen by whoever may view what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy

Entry = dict[str, Any]


def _may_view(app: str, model: str) -> Callable[[HttpRequest], bool]:
    def allowed(request: HttpRequest) -> bool:
        user = request.user
        return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")

    return allowed


def _is_at(listing: str, *, but: str) -> Callable[[HttpRequest], bool]:
    """Whether a page is of this list, and not the one whose address only begins like the list's."""

    def is_at(request: HttpRequest) -> bool:
        return request.path.startswith(reverse(f"admin:{listing}")) and request.path != reverse(f"admin:{but}")

    return is_at


def _entry(title: str, icon: str, app: str, model: str) -> Entry:
    link = reverse_lazy(f"admin:{app}_{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": _may_view(app, model)}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Housefull",
    "SITE_HEADER": "Housefull",
    "SITE_SUBHEADER": "Box office",
    "SITE_SYMBOL": "event_seat",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("img/favicon.svg")}],
    "SITE_URL": None,
    "STYLES": [lambda _: static("css/admin.css")],
    "DASHBOARD_CALLBACK": "config.start_page.start_page",
    "ACCOUNT": {"navigation": [{"title": "Two-step login", "link": reverse_lazy("admin:login_steps")}]},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {
        "show_search": True,  # the box is ours: templates/unfold/helpers/search.html, config/search.py
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Box office",
                "items": [
                    {
                        "title": "Today",
                        "icon": "today",
                        "link": reverse_lazy("admin:index"),
                        "permission": _may_view("inventory", "show"),
                    },
                    _entry("Shows", "theater_comedy", "inventory", "show"),
                    _entry("Venues", "stadium", "inventory", "venue"),
                    _entry("Channels", "storefront", "inventory", "channel"),
                    _entry("Allocations", "call_split", "inventory", "allocation"),
                    _entry("Release steps", "stairs", "inventory", "releasestep"),
                    _entry("Freeze rules", "rule", "inventory", "freezerule"),
                    _entry("API keys", "key", "inventory", "apikey"),
                ],
            },
            {
                "title": "Money",
                "separator": True,
                "items": [
                    {
                        "title": "Work-list",
                        "icon": "assignment_late",
                        "link": reverse_lazy("admin:ticketing_worklist"),
                        "permission": lambda request: request.user.has_perm("ticketing.view_payment"),
                    },
                    _entry("Orders", "shopping_bag", "ticketing", "order"),
                    _entry("Tickets", "confirmation_number", "ticketing", "ticket"),
                    _entry("Guest lists", "group_add", "ticketing", "guestlist"),
                    # Its address begins that of the work-list, which has an entry of its own.
                    _entry("Payments", "payments", "ticketing", "payment")
                    | {"active": _is_at("ticketing_payment_changelist", but="ticketing_worklist")},
                    _entry("Refunds", "undo", "ticketing", "refund"),
                    _entry("Documents", "description", "ticketing", "document"),
                    _entry("Letters", "mail", "ticketing", "letter"),
                    _entry("Gateway events", "webhook", "ticketing", "gatewayevent"),
                ],
            },
            {
                "title": "Prices and taxes",
                "separator": True,
                "items": [
                    _entry("Prices", "sell", "ticketing", "price"),
                    _entry("Price exceptions", "price_change", "ticketing", "priceexception")
                    | {"active": _is_at("ticketing_priceexception_changelist", but="ticketing_price_parity")},
                    {
                        "title": "Price parity",
                        "icon": "balance",
                        "link": reverse_lazy("admin:ticketing_price_parity"),
                        "permission": lambda request: request.user.has_perm("ticketing.view_priceexception"),
                    },
                    _entry("Terms", "gavel", "ticketing", "terms"),
                    _entry("Sellers", "badge", "ticketing", "seller"),
                    _entry("Event categories", "category", "ticketing", "eventcategory"),
                    _entry("Local taxes", "account_balance", "ticketing", "localtax"),
                ],
            },
            {
                "title": "Stock ledger",
                "separator": True,
                "items": [
                    _entry("Places", "event_seat", "inventory", "place"),
                    _entry("Claims", "lock", "inventory", "claim"),
                    _entry("Movements", "swap_horiz", "inventory", "movement"),
                    _entry("Entries", "receipt_long", "inventory", "entry"),
                    _entry("Freezes", "ac_unit", "inventory", "freeze"),
                    _entry("Incidents", "report", "inventory", "incident"),
                ],
            },
            {
                "title": "People",
                "separator": True,
                "items": [
                    _entry("Users", "person", "auth", "user"),
                    _entry("Groups", "group", "auth", "group"),
                    _entry("What was done", "manage_search", "admin", "logentry"),
                    _entry("Failed logins", "no_accounts", "axes", "accessattempt"),
                    _entry("Login failures", "history", "axes", "accessfailurelog"),
                ],
            },
            {
                "title": "Engine room",
                "separator": True,
                "items": [_entry("Periodic tasks", "schedule", "django_celery_beat", "periodictask")],
            },
        ],
    },
}
