from __future__ import annotations

from tests.inventory.api.conftest import cashier, partner, visitor

__all__ = ["cashier", "partner", "visitor"]
