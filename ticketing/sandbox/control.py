"""For tests and for load: play the payer, let things go wrong, look at what was sent. `/sandbox/…`, JSON both ways.

Nobody is asked who they are; the sandbox listens on loopback.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ticketing.sandbox import payer, qr_codes, refunds, settlements
from ticketing.sandbox.account import Account
from ticketing.sandbox.faults import Fault, Kind
from ticketing.sandbox.reading import Entity
from ticketing.sandbox.refusals import Refused

Verb = Callable[[Account, Entity], Any]


def pay(account: Account, said: Entity) -> Any:
    """`{qr_id | order_id, action, amount?, after_s?, twice?, payer?, reason?, keeps_second?}` → the payments.

    With `after_s` nothing is known yet: the list is empty.
    """
    what = find(account, said)
    action = payer.Action(said.get("action", "approve"))
    times = 2 if said.get("twice") else 1

    def act() -> list[Entity]:
        return [
            payer.act(
                account,
                what,
                action,
                amount_paise=said.get("amount"),
                payer=said.get("payer", payer.PAYER),
                reason=said.get("reason", "payment_declined"),
                keeps_second=bool(said.get("keeps_second")),
            )
            for _ in range(times)
        ]

    if said.get("after_s"):
        account.later(float(said["after_s"]), act)
        return []
    return act()


def find(account: Account, said: Entity) -> Entity:
    """The order or QR code that is meant."""
    if said.get("order_id"):
        return account.orders.get(said["order_id"])
    return account.qr_codes.get(said.get("qr_id", ""))


def expire(account: Account, said: Entity) -> Entity:
    """`{qr_id}`: the code's time runs out now. No webhook says so."""
    code = account.qr_codes.get(said.get("qr_id", ""))
    qr_codes.shut(code, None)
    return code


def move_payment(account: Account, said: Entity) -> Entity:
    """`{payment_id, to: failed | authorized | captured | refunded, reason?}`."""
    payment = account.payments.get(said.get("payment_id", ""))
    return payer.move(account, payment, said.get("to", ""), reason=said.get("reason", "payment_timed_out"))


def move_refund(account: Account, said: Entity) -> Entity:
    """`{refund_id, to: processed | failed}`."""
    refund = account.refunds.get(said.get("refund_id", ""))
    {"processed": refunds.process_now, "failed": refunds.fail_now}[said["to"]](account, refund)
    return refund


def refund_by_gateway(account: Account, said: Entity) -> Entity:
    """`{payment_id}`: the gateway gives it back by itself, all that is left of it."""
    return refunds.by_the_gateway(account, account.payments.get(said.get("payment_id", "")))


def settle(account: Account, said: Entity) -> Entity | None:
    return settlements.settle(account)


def add_fault(account: Account, said: Entity) -> Entity:
    """`{operation, kind, times?, value?}`; the operation of a webhook is `webhook.` and its event."""
    fault = Fault(said["operation"], Kind(said["kind"]), int(said.get("times", 1)), said.get("value"))
    faults = account.outbox.faults if fault.operation.startswith("webhook.") else account.faults
    faults.add(fault)
    return {}


def change_account(account: Account, said: Entity) -> Entity:
    """`{balance?, has_image_content?, receipts_are_unique?}`."""
    account.balance_paise = said.get("balance", account.balance_paise)
    account.has_image_content = said.get("has_image_content", account.has_image_content)
    account.receipts_are_unique = said.get("receipts_are_unique", account.receipts_are_unique)
    return {}


def rotate_secret(account: Account, said: Entity) -> Entity:
    """`{secret}`."""
    account.outbox.rotate(said["secret"])
    return {}


def take_webhooks(account: Account, said: Entity) -> list[Entity]:
    return [webhook.as_told() for webhook in account.outbox.take()]


def release_webhooks(account: Account, said: Entity) -> list[Entity]:
    """`{order?: [event ids]}`: what was held is sent, in this order."""
    return [webhook.as_told() for webhook in account.outbox.release(said.get("order"))]


def redeliver(account: Account, said: Entity) -> Entity:
    """`{event_id}`."""
    webhook = account.outbox.again(said.get("event_id", ""))
    if webhook is None:
        raise Refused("There is no such event", status=404)
    return webhook.as_told()


def reset(account: Account, said: Entity) -> Entity:
    account.reset()
    return {}


def webhooks(account: Account) -> list[Entity]:
    return [webhook.as_told() for webhook in account.outbox.all()]


def made(account: Account) -> Entity:
    """Everything there is, the newest first: what a test counts."""
    kinds = ("orders", "qr_codes", "payments", "refunds", "settlements")
    return {kind: list(getattr(account, kind).newest()) for kind in kinds}


def routes(account: Account) -> list[Route]:
    verbs: dict[str, Verb] = {
        "pay": pay,
        "expire": expire,
        "payments/move": move_payment,
        "refunds/move": move_refund,
        "refunds/by-gateway": refund_by_gateway,
        "settle": settle,
        "faults": add_fault,
        "account": change_account,
        "webhooks/rotate": rotate_secret,
        "webhooks/take": take_webhooks,
        "webhooks/release": release_webhooks,
        "redeliver": redeliver,
        "reset": reset,
    }
    reads: dict[str, Callable[[Account], Any]] = {"webhooks": webhooks, "made": made}
    return [
        *(Route(f"/sandbox/{name}", _writes(account, verb), methods=["POST"]) for name, verb in verbs.items()),
        *(Route(f"/sandbox/{name}", _reads(account, read), methods=["GET"]) for name, read in reads.items()),
    ]


def _writes(account: Account, verb: Verb) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            said = json.loads(await request.body() or b"{}")
            return JSONResponse(verb(account, said))
        except Refused as refusal:
            return JSONResponse(refusal.body, refusal.status)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse(Refused(f"{type(error).__name__}: {error}").body, 400)

    return endpoint


def _reads(account: Account, read: Callable[[Account], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(read(account))

    return endpoint
