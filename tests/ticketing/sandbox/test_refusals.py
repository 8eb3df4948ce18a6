"""What Razorpay refuses the sandbox refuses, with the same status and the same body."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

from tests.ticketing.sandboxed import KEY_ID, KEY_SECRET, Sandbox

ORDER = {"amount": 50_000, "currency": "INR"}
CODE = {"type": "upi_qr", "usage": "single_use", "fixed_amount": True, "payment_amount": 50_000}


def ask(sandbox: Sandbox, method: str, path: str, body: Any = None, secret: str = KEY_SECRET) -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    answer = urllib3.request(
        method,
        sandbox.base_url + path,
        body=raw,
        headers=urllib3.make_headers(basic_auth=f"{KEY_ID}:{secret}"),
        retries=False,
    )
    return answer.status, answer.json()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (ORDER | {"amount": 99}, "amount"),
        (ORDER | {"amount": "50000"}, "amount"),
        (ORDER | {"amount": 500.5}, "amount"),
        ({"currency": "INR"}, "amount"),
        (ORDER | {"currency": "USD"}, "currency"),
        (ORDER | {"receipt": "x" * 41}, "receipt"),
        (ORDER | {"receipt": 7}, "receipt"),
        (ORDER | {"notes": {str(number): "x" for number in range(16)}}, "notes"),
        (ORDER | {"notes": {"long": "x" * 257}}, "notes"),
        (ORDER | {"notes": "text"}, "notes"),
        (ORDER | {"unknown": 1}, "unknown"),
        (ORDER | {"payment": {"capture": "perhaps"}}, "payment"),
        (
            ORDER | {"payment": {"capture": "automatic", "capture_options": {"automatic_expiry_period": 11}}},
            "capture_options",
        ),
    ],
)
def test_an_order_is_refused_by_field(sandbox: Sandbox, body: dict[str, Any], field: str) -> None:
    status, said = ask(sandbox, "POST", "/v1/orders", body)

    error = said["error"]
    assert (status, error["code"], error["field"]) == (400, "BAD_REQUEST_ERROR", field)
    assert set(error) == {"code", "description", "source", "step", "reason", "metadata", "field"}
    assert sandbox.made("orders") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (CODE | {"payment_amount": 50}, "payment_amount"),
        ({"usage": "single_use"}, "type"),
        (CODE | {"type": "bharat_qr"}, "type"),
        (CODE | {"usage": "twice"}, "usage"),
        (CODE | {"fixed_amount": False}, "fixed_amount"),
        (CODE | {"close_by": "1681615838"}, "close_by"),
        (CODE | {"close_by": 12}, "close_by"),
        ({"type": "upi_qr", "usage": "multiple_use", "close_by": 1_900_000_000}, "close_by"),
        (CODE | {"receipt": "R1"}, "receipt"),
    ],
)
def test_a_code_is_refused_by_field(sandbox: Sandbox, body: dict[str, Any], field: str) -> None:
    status, said = ask(sandbox, "POST", "/v1/payments/qr_codes", body)

    assert (status, said["error"]["field"]) == (400, field)
    assert sandbox.made("qr_codes") == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/payments/pay_00000000000000", 400),
        ("GET", "/v1/orders/nonsense", 400),
        ("GET", "/v1/payments/qr_codes?payment_id=pay_00000000000000", 400),
        ("GET", "/v1/payments?count=101", 400),
        ("GET", "/v1/payments?count=0", 400),
        ("GET", "/v1/payments?skip=x", 400),
        ("GET", "/v1/settlements/recon/combined?year=2026&month=13", 400),
        ("GET", "/v1/settlements/recon/combined?month=11", 400),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/orders", 404),
    ],
)
def test_what_is_not_there_is_refused(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    found, said = ask(sandbox, method, path)

    assert (found, said["error"]["code"]) == (status, "BAD_REQUEST_ERROR")


def test_a_body_that_is_no_json_is_refused(sandbox: Sandbox) -> None:
    assert ask(sandbox, "POST", "/v1/orders", b"{")[0] == 400


def test_without_the_secret_nothing_is_told(sandbox: Sandbox) -> None:
    status, said = ask(sandbox, "GET", "/v1/orders", secret="another")

    assert (status, said["error"]["description"]) == (401, "Authentication failed")
