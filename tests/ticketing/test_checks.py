"""A deployment's check says where the account of the gateway is not set up."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

GOOD = {
    "RAZORPAY_BASE_URL": "https://api.razorpay.com",
    "RAZORPAY_KEY_ID": "rzp_live_000000000000",
    "RAZORPAY_KEY_SECRET": "s" * 24,
    "RAZORPAY_WEBHOOK_SECRETS": ["w" * 32],
    "SANDBOX_PUBLIC_URL": "",
}


def _said(settings: Any, **told: Any) -> list[str]:
    for name, value in (GOOD | told).items():
        setattr(settings, name, value)
    found = run_checks(include_deployment_checks=True)
    return [str(message.id) for message in found if str(message.id).startswith("ticketing.")]


def test_an_account_that_is_set_up_needs_no_word(settings: Any) -> None:
    assert _said(settings) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"RAZORPAY_KEY_ID": ""}, ["ticketing.E001"]),
        ({"RAZORPAY_KEY_SECRET": ""}, ["ticketing.E001"]),
        ({"RAZORPAY_WEBHOOK_SECRETS": []}, ["ticketing.E002"]),
        ({"RAZORPAY_WEBHOOK_SECRETS": ["w" * 32, "secret"]}, ["ticketing.W001"]),
        ({"RAZORPAY_BASE_URL": "http://127.0.0.1:8100"}, ["ticketing.W002"]),
        ({"SANDBOX_PUBLIC_URL": "http://127.0.0.1:8100"}, ["ticketing.W003"]),
    ],
)
def test_what_is_missing_is_named(told: dict[str, Any], said: list[str], settings: Any) -> None:
    assert _said(settings, **told) == said


def test_a_local_start_hears_nothing_of_it(settings: Any) -> None:
    for name, value in (GOOD | {"RAZORPAY_KEY_ID": ""}).items():
        setattr(settings, name, value)

    assert [message.id for message in run_checks() if str(message.id).startswith("ticketing.")] == []
