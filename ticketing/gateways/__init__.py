"""The gateway that takes the money, as settings name it. What a gateway is to us: `words.py`."""

from __future__ import annotations

import os
from functools import lru_cache

from django.conf import settings

from ticketing.gateways.razorpay import Razorpay
from ticketing.gateways.words import Gateway


def gateway() -> Gateway:
    """One for each process and each set of settings: its connections are kept."""
    return _made(
        settings.RAZORPAY_BASE_URL,
        settings.RAZORPAY_KEY_ID,
        settings.RAZORPAY_KEY_SECRET,
        tuple(settings.RAZORPAY_WEBHOOK_SECRETS),
        os.getpid(),
    )


@lru_cache(maxsize=8)
def _made(base_url: str, key_id: str, key_secret: str, webhook_secrets: tuple[str, ...], process: int) -> Gateway:
    # The process is named because a connection must not be shared with one that was forked off.
    return Razorpay(base_url=base_url, key_id=key_id, key_secret=key_secret, webhook_secrets=webhook_secrets)
