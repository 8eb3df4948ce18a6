"""How Razorpay says no: one body for every refusal, `{"error": {code, description, field, source, …}}`."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(
        self,
        description: str,
        *,
        field: str | None = None,
        status: int = 400,
        code: str = "BAD_REQUEST_ERROR",
        reason: str = "input_validation_failed",
    ) -> None:
        self.status = status
        self.body: dict[str, Any] = {
            "error": {
                "code": code,
                "description": description,
                "source": "business",
                "step": "payment_initiation",
                "reason": reason,
                "metadata": {},
            }
        }
        if field:
            self.body["error"]["field"] = field
        super().__init__(description)


def unauthorized() -> Refused:
    return Refused("Authentication failed", status=401, reason="NA")


def no_such_id(given: str) -> Refused:
    """Razorpay answers 400, not 404."""
    said = "The id provided does not exist" if "_" in given else f"{given} is not a valid id"
    return Refused(said)


def no_such_address() -> Refused:
    return Refused("The requested URL was not found on the server.", status=404, reason="NA")
