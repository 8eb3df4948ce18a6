"""The gateway of a local start: the sandbox, unless an account is given from outside. Standard library only."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping

from config.local.console import BASE_DIR, CannotStart

GIVEN = ("RAZORPAY_KEY_ID", "RAZORPAY_KEY_SECRET", "RAZORPAY_WEBHOOK_SECRETS")
WEBHOOKS_AT = "/api/v1/webhooks/razorpay"
# Nobody listens at port 1: a test or a benchmark that forgets its own sandbox reaches no other.
OF_TESTS = {
    "RAZORPAY_BASE_URL": "http://127.0.0.1:1",
    "RAZORPAY_KEY_ID": "rzp_test_onlyfortests",
    "RAZORPAY_KEY_SECRET": "only-for-tests",
    "RAZORPAY_WEBHOOK_SECRETS": "only-for-tests",
    "SANDBOX_PUBLIC_URL": "",
}


def is_wanted() -> bool:
    """Whether the sandbox is to run. An account given by halves is refused."""
    missing = [name for name in GIVEN if not os.environ.get(name)]
    if missing == list(GIVEN):
        return True
    if missing:
        raise CannotStart(
            f"{' and '.join(missing)} is not set. An account at Razorpay is given by {', '.join(GIVEN)}:\n"
            "its key, and the secret of its webhook. With none of them the sandbox takes the money."
        )
    return False


def reachable(host: str) -> str:
    """The address to ask at, of what is served at every address; as it stands in a URL."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  asked, not bound
    return f"[{named}]" if ":" in named else named


def account(host: str, port: int, kept: Mapping[str, str]) -> dict[str, str]:
    """What the program is told of its account at the sandbox; keys as they were kept, or new ones."""
    made = {
        "RAZORPAY_KEY_ID": f"rzp_test_{secrets.token_hex(7)}",
        "RAZORPAY_KEY_SECRET": secrets.token_urlsafe(24),
        "RAZORPAY_WEBHOOK_SECRETS": secrets.token_urlsafe(24),
    }
    address = f"http://{reachable(host)}:{port}"
    keys = {name: kept.get(name) or value for name, value in made.items()}
    return {"RAZORPAY_BASE_URL": address, **keys, "SANDBOX_PUBLIC_URL": os.environ.get("SANDBOX_PUBLIC_URL") or address}


def told(account: Mapping[str, str], web_host: str, web_port: int) -> dict[str, str]:
    """What the sandbox is told: the same keys, and where its webhooks go. Refunds need two seconds."""
    return {
        "SANDBOX_KEY_ID": account["RAZORPAY_KEY_ID"],
        "SANDBOX_KEY_SECRET": account["RAZORPAY_KEY_SECRET"],
        "SANDBOX_WEBHOOK_SECRET": account["RAZORPAY_WEBHOOK_SECRETS"],
        "SANDBOX_WEBHOOK_URL": f"http://{reachable(web_host)}:{web_port}{WEBHOOKS_AT}",
        "SANDBOX_REFUNDS_TAKE_S": "2",
        "SANDBOX_LOGINS_FILE": str(BASE_DIR / "var" / "demo.json"),
    }


def command(host: str, port: int) -> list[str]:
    return [sys.executable, "-m", "ticketing.sandbox", "--host", host, "--port", str(port)]
