"""A real browser before a real server. Journeys are few, and each crosses the doors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.staff import MANAGER, Staff
from tests.journeys.staff import staff as staff  # a fixture of every journey
from tests.ticketing.sandboxed import Sandbox

# Playwright keeps an event loop in this thread, where Django would then refuse to touch its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = shutil.which("chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
}
HERE = Path(__file__).parent
PATIENCE_MS = 30_000  # a laden machine is slow, and that is no fault of a page's
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        no_browser = pytest.mark.skip(reason="journeys: there is no chromium on PATH (apt-get install chromium)")
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(no_browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": SWITCHES.split()}


@pytest.fixture
def shop(live_server: Any, sandbox: Sandbox, settings: Any) -> str:
    """The site's address, with the sandbox to pay at."""
    settings.SANDBOX_PUBLIC_URL = sandbox.base_url
    return str(live_server.url)


@pytest.fixture
def visit(shop: str, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Somebody's browser, opened at an address. Whatever goes wrong inside it fails the test."""
    faults: list[str] = []

    def open_browser(path: str = "/", **how: Any) -> Page:
        page = new_context(base_url=shop, **how).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note(message.type, message.text, faults))
        page.goto(path)
        return page

    yield open_browser
    assert faults == []


def _note(kind: str, text: str, faults: list[str]) -> None:
    # A refusal by the API is told on the console, too, and is no fault.
    if kind == "error" and "the server responded with a status" not in text:
        faults.append(text)


@pytest.fixture
def manager(staff: Staff) -> Callable[..., Page]:
    """Opens a page of the admin in a browser in which a box-office manager is logged in."""
    return partial(staff, MANAGER)
