"""Razorpay's own API, `/v1/…`: who asks, what goes wrong on purpose, then the verb, then JSON.

A plain ASGI application, because one of its calls is on the path of every sale that is measured.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ticketing.sandbox import orders, payments, qr_codes, refunds, settlements
from ticketing.sandbox.account import Account
from ticketing.sandbox.faults import Fault, Kind
from ticketing.sandbox.reading import Call, Entity
from ticketing.sandbox.refusals import Refused, no_such_address, unauthorized

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Verb = Callable[[Account, Call], Entity]

TIMEOUT_S = 30.0


class Route(NamedTuple):
    method: str
    path: re.Pattern[str]
    operation: str
    verb: Verb


def _route(method: str, path: str, operation: str, verb: Verb) -> Route:
    shape = path.replace("{id}", r"(?P<id>[^/]+)").replace("{other_id}", r"(?P<other_id>[^/]+)")
    return Route(method, re.compile(f"/v1{shape}"), operation, verb)


def _downtimes(account: Account, call: Call) -> Entity:
    return {"entity": "collection", "count": 0, "items": []}


ROUTES = [
    _route("POST", "/payments/qr_codes", "qr.create", qr_codes.create),
    _route("GET", "/payments/qr_codes", "qr.list", qr_codes.list_all),
    _route("GET", "/payments/qr_codes/{id}", "qr.fetch", qr_codes.fetch),
    _route("GET", "/payments/qr_codes/{id}/payments", "qr.payments", qr_codes.payments),
    _route("POST", "/payments/qr_codes/{id}/close", "qr.close", qr_codes.close),
    _route("POST", "/orders", "order.create", orders.create),
    _route("GET", "/orders", "order.list", orders.list_all),
    _route("GET", "/orders/{id}", "order.fetch", orders.fetch),
    _route("PATCH", "/orders/{id}", "order.edit", orders.edit),
    _route("GET", "/orders/{id}/payments", "order.payments", orders.payments),
    _route("POST", "/payments/create/upi", "payment.create_upi", payments.create_upi),
    _route("GET", "/payments/downtimes", "downtime.list", _downtimes),
    _route("GET", "/payments", "payment.list", payments.list_all),
    _route("GET", "/payments/{id}", "payment.fetch", payments.fetch),
    _route("POST", "/payments/{id}/capture", "payment.capture", payments.capture),
    _route("POST", "/payments/{id}/refund", "refund.create", refunds.create),
    _route("GET", "/payments/{id}/refunds", "payment.refunds", refunds.of_payment),
    _route("GET", "/payments/{id}/refunds/{other_id}", "payment.refund", refunds.one_of_payment),
    _route("GET", "/refunds", "refund.list", refunds.list_all),
    _route("GET", "/refunds/{id}", "refund.fetch", refunds.fetch),
    _route("GET", "/settlements", "settlement.list", settlements.list_all),
    _route("GET", "/settlements/recon/combined", "settlement.recon", settlements.recon),
    _route("GET", "/settlements/{id}", "settlement.fetch", settlements.fetch),
]


class Api:
    """The account over HTTP."""

    def __init__(self, account: Account) -> None:
        self._account = account
        told = account.configuration
        self._credentials = b"Basic " + base64.b64encode(f"{told.key_id}:{told.key_secret}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route, ids = self._find(scope)
        fault = self._account.faults.take(route.operation) if route else None
        if fault:
            await self._answer_wrongly(fault, route, ids, scope, receive, send)
            return
        await _send(send, *await self._answer(route, ids, scope, receive))

    def _find(self, scope: Scope) -> tuple[Route | None, dict[str, str]]:
        for route in ROUTES:
            if route.method == scope["method"] and (found := route.path.fullmatch(scope["path"])):
                return route, found.groupdict()
        return None, {}

    async def _answer(
        self, route: Route | None, ids: dict[str, str], scope: Scope, receive: Receive
    ) -> tuple[int, bytes]:
        try:
            headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
            body = await _read(receive)
            if not hmac.compare_digest(headers.get("authorization", b""), self._credentials):
                raise unauthorized()
            if route is None:
                raise no_such_address()
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"))) if scope["query_string"] else {}
            told = {name: value.decode("latin-1") for name, value in headers.items()}
            call = Call(ids.get("id", ""), ids.get("other_id", ""), query, _parsed(body), told)
            return 200, _json(route.verb(self._account, call))
        except Refused as refusal:
            return refusal.status, _json(refusal.body)

    async def _answer_wrongly(
        self,
        fault: Fault,
        route: Route | None,
        ids: dict[str, str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        answer = b""
        if fault.kind in (Kind.TIMEOUT_AFTER, Kind.LOST_AFTER, Kind.ERROR_AFTER, Kind.SLOW):
            if fault.kind == Kind.SLOW:
                await asyncio.sleep(fault.seconds(1))
            status, answer = await self._answer(route, ids, scope, receive)
        match fault.kind:
            case Kind.SLOW:
                await _send(send, status, answer)
            case Kind.TOO_MANY:
                await _send(send, 429, _json(Refused("Too many requests", reason="NA").body))
            case Kind.SERVER_ERROR | Kind.ERROR_AFTER:
                said = "We are facing some trouble completing your request at the moment. Please try again shortly."
                await _send(send, 500, _json(Refused(said, code="SERVER_ERROR", reason="NA").body))
            case Kind.PAGE:
                await _send(send, 502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", b"text/html")
            case Kind.CONFLICT:
                said = "Another request with the same idempotency key is still in progress."
                await _send(send, 409, _json(Refused(said, reason="NA").body))
            case Kind.REFUSED:
                said = str(fault.value or "This operation is not allowed")
                await _send(send, 400, _json(Refused(said, reason="NA").body))
            case Kind.TIMEOUT_BEFORE | Kind.TIMEOUT_AFTER:
                await asyncio.sleep(fault.seconds(TIMEOUT_S))
                await _send(send, 504, b"<html><body><h1>504 Gateway Time-out</h1></body></html>", b"text/html")
            case Kind.LOST_BEFORE | Kind.LOST_AFTER:
                await _break_off(send)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _parsed(body: bytes) -> Entity:
    if not body:
        return {}
    try:
        said = json.loads(body)
    except ValueError:
        raise Refused("The request body is not valid JSON.") from None
    return said if isinstance(said, dict) else {}


def _json(entity: Entity) -> bytes:
    return json.dumps(entity, separators=(",", ":")).encode()


async def _send(send: Send, status: int, body: bytes, media: bytes = b"application/json") -> None:
    headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _break_off(send: Send) -> None:
    """The server closes the connection when the application ends and has said that more is to come."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"id":', "more_body": True})
