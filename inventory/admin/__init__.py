"""The admin: what people make is edited, what verbs wrote is looked at. Importing this registers every page."""

from inventory.admin import (
    allocations,
    catalog,
    claims,
    engine_room,
    freezes,
    keys,
    ladders,
    log,
    logins,
    movements,
    people,
    places,
    rules,
    shows,
)

__all__ = [
    "allocations",
    "catalog",
    "claims",
    "engine_room",
    "freezes",
    "keys",
    "ladders",
    "log",
    "logins",
    "movements",
    "people",
    "places",
    "rules",
    "shows",
]
