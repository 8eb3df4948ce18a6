from __future__ import annotations

from pathlib import Path

import pytest

from inventory.models import Channel

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.ledger)


@pytest.fixture
def web(transactional_db: None) -> Channel:
    return Channel.objects.get(code="web")


@pytest.fixture
def counter(transactional_db: None) -> Channel:
    return Channel.objects.get(code="counter")
