"""The admin: what people make is edited, what verbs wrote is looked at. Importing this registers every page."""

from inventory.admin import catalog, claims, engine_room, movements, people, places

__all__ = ["catalog", "claims", "engine_room", "movements", "people", "places"]
