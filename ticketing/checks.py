"""What `check --deploy` says of the gateway's account: a shop that cannot take money, or takes what is none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

SHORTEST_SECRET = 16


@register(Tags.security, deploy=True)
def gateway_is_set_up(app_configs: Any, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not (settings.RAZORPAY_KEY_ID and settings.RAZORPAY_KEY_SECRET):
        found.append(Error("Nobody can pay: set RAZORPAY_KEY_ID and RAZORPAY_KEY_SECRET.", id="ticketing.E001"))
    if not settings.RAZORPAY_WEBHOOK_SECRETS:
        found.append(Error("Every webhook is refused: set RAZORPAY_WEBHOOK_SECRETS.", id="ticketing.E002"))
    if any(len(secret) < SHORTEST_SECRET for secret in settings.RAZORPAY_WEBHOOK_SECRETS):
        hint = "A forged webhook is money that never came. Take 32 random characters."
        found.append(Warning("A webhook secret is short enough to be guessed.", hint=hint, id="ticketing.W001"))
    if not settings.RAZORPAY_BASE_URL.startswith("https://"):
        found.append(Warning("RAZORPAY_BASE_URL is not https: keys would travel in clear.", id="ticketing.W002"))
    if settings.SANDBOX_PUBLIC_URL:
        found.append(Warning("Buyers are led to the sandbox, where anybody pays with nothing.", id="ticketing.W003"))
    return found
