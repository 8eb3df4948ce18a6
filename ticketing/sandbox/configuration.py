"""What the sandbox is told when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Configuration:
    """Keys as the program under test has them; where webhooks go, and where people reach the phone pages."""

    key_id: str = "rzp_test_sandbox"
    key_secret: str = "sandbox-secret"  # noqa: S105  there is nothing behind it
    webhook_secret: str = "sandbox-webhook-secret"  # noqa: S105
    webhook_url: str = ""
    """Empty: webhooks are kept until somebody takes them at `POST /sandbox/webhooks/take`."""
    public_url: str = "http://127.0.0.1:8100"
    refunds_take_s: float | None = None
    """A refund is processed by itself after so long; None: only when somebody says so."""
    logins_file: str = ""
    """The demo's logins, whose phones it plays besides."""
    is_quiet: bool = False
    """For load: no webhooks at all, and only the newest objects are remembered."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Configuration:
        """Read `SANDBOX_…` variables; what is not set is as above."""
        names = ("key_id", "key_secret", "webhook_secret", "webhook_url", "public_url", "logins_file")
        given = {name: value for name in names if (value := environment.get(f"SANDBOX_{name.upper()}"))}
        after = environment.get("SANDBOX_REFUNDS_TAKE_S")
        quiet = environment.get("SANDBOX_QUIET", "") in {"1", "true", "yes", "on"}
        return cls(**given, refunds_take_s=float(after) if after else None, is_quiet=quiet)
