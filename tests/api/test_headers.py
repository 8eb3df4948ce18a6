"""What stands around every answer: nobody guesses its type, keeps it, or asks for it from another site's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.described import operations
from tests.inventory.api.shop import Answer, Shop, said
from tests.ticketing.api.buying import lock, order
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import WEBHOOKS_AT, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
ALL = list(operations())
WRITES = [(method, path) for method, path in ALL if method != "get"]
NAMES = {"slug": "hamlet", "lock_id": "a" * 26, "reference": "a" * 26, "payment_id": "a" * 26}
PUBLIC = {"/api/v1/shows", "/api/v1/ticket-keys"}


def _ask(method: str, path: str, raw: bytes = b"{}", **headers: str) -> Answer:
    told = {"idempotency-key": "k"} | {name.replace("_", "-"): value for name, value in headers.items()}
    client, address = Client(REMOTE_ADDR="203.0.113.7"), path.format(**NAMES)
    if method == "get":
        return client.get(address, headers=told)
    return client.generic(method.upper(), address, raw, content_type="application/json", headers=told)


def test_an_answer_is_what_it_says_it_is_and_allows_no_other_site(transactional_db: None, sandbox: Sandbox) -> None:
    for method, path in ALL:
        answers = [
            _ask(method, path, origin="https://evil.example"),
            _ask(method, path, raw=b"{", origin="null"),
            _ask("OPTIONS", path, origin="https://evil.example", access_control_request_method=method.upper()),
            _ask("TRACE", path),
        ]
        for answer in answers:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Type"] == "application/json"
            assert [name for name in answer.headers if name.lower().startswith("access-control")] == []
        assert [answer.status_code for answer in answers[2:]] == [405, 405]


def test_what_is_ones_own_is_kept_by_nobody(transactional_db: None, sandbox: Sandbox) -> None:
    for method, path in ALL:
        answer = _ask(method, path)

        assert answer.headers["Vary"] == "Authorization"
        if answer.status_code >= 400 or not path.startswith(tuple(PUBLIC)):
            assert answer.headers["Cache-Control"] == "no-store"
        if method == "get":
            assert answer.cookies == {}


@pytest.mark.parametrize("behind_tls", [False, True])
def test_a_visitors_cookie_is_no_scripts_and_goes_to_no_other_site(
    visitor: Shop, settings: Any, behind_tls: bool
) -> None:
    settings.BEHIND_TLS = behind_tls

    answer = visitor.lock(make_priced_show(), best={"quantity": 1})

    cookie = answer.cookies["hf_buyer"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert bool(cookie["secure"]) == behind_tls
    assert int(cookie["max-age"]) == 30 * 86_400


def test_where_to_look_next_is_said_without_a_host(visitor: Shop) -> None:
    body = {"lock": lock(visitor, make_priced_show()), "contact": "asha@example.com"}

    answer = visitor.post("orders", body, x_forwarded_host="evil.example")

    assert answer.headers["Location"] == f"/api/v1/orders/{answer.json()['id']}"
    assert said(visitor.get("orders", host="evil.example")) == (400, "input_invalid")


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_a_method_is_the_one_that_was_used(header: str, visitor: Shop) -> None:
    placed = order(visitor, make_priced_show())
    path = f"locks/{placed['lock']}"

    answer = visitor.client.generic(
        "POST", f"/api/v1/{path}?_method=DELETE", headers={header: "DELETE", "idempotency-key": "k"}
    )

    assert (said(answer), answer.headers["Allow"]) == ((405, "method_not_allowed"), "GET, DELETE, HEAD")
    assert visitor.get(path).status_code == 200


def test_a_body_that_is_too_large_is_refused_everywhere(transactional_db: None, sandbox: Sandbox) -> None:
    for method, path in WRITES:
        large, huge = (_ask(method, path, b'{"note": "%s"}' % (b"x" * size)) for size in (70_000, 3_000_000))

        assert said(huge) == (413, "body_too_large")
        assert said(large) == ((400, "signature_invalid") if path == WEBHOOKS_AT else (413, "body_too_large"))


def test_a_body_in_chunks_is_told_to_come_whole(transactional_db: None, sandbox: Sandbox) -> None:
    headers = {"transfer-encoding": "chunked", "idempotency-key": "k"}

    answers = [Client().generic(method.upper(), path.format(**NAMES), headers=headers) for method, path in WRITES]

    assert {said(answer) for answer in answers} == {(411, "length_required")}


@pytest.mark.parametrize("raw", [b"[" * 30_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b'{"a": 1, "a": 2}', b"\xff"])
def test_what_has_no_one_meaning_is_refused_everywhere(raw: bytes, transactional_db: None) -> None:
    answers = [_ask(method, path, raw) for method, path in WRITES if path != WEBHOOKS_AT]

    assert {said(answer) for answer in answers} == {(400, "input_invalid")}


@pytest.mark.parametrize(("path", "is_page"), [("/api/docs", True), ("/api/schema", False), ("/health/", False)])
def test_what_stands_beside_the_api_is_guarded_as_well(path: str, is_page: bool, client: Client) -> None:
    answer = client.get(path, headers={"origin": "https://evil.example"})

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    if is_page:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
