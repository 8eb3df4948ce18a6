from __future__ import annotations

from tests.inventory.api.conftest import partner, visitor

__all__ = ["partner", "visitor"]
