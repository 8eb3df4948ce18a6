from __future__ import annotations

from tests.api.described import _answers_are_as_described
from tests.inventory.api.conftest import cashier, partner, visitor

__all__ = ["_answers_are_as_described", "cashier", "partner", "visitor"]
