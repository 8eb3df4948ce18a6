"""Webhooks: the envelope, the signature over its exact bytes, and the outbox in which they wait.

Razorpay: at least once, in no order, `X-Razorpay-Signature` = hex(HMAC-SHA256(secret, raw body)).
"""

from __future__ import annotations

import copy
import hmac
import json
import random
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ticketing.sandbox.faults import Fault, Faults, Kind
from ticketing.sandbox.reading import Entity

ACCOUNT_ID = "acc_SandboxOfHouse"
SIGNATURE, EVENT_ID = "X-Razorpay-Signature", "x-razorpay-event-id"


class Delivery(StrEnum):
    """What became of a webhook."""

    QUEUED = "queued"
    TAKEN = "taken"
    HELD = "held"
    DROPPED = "dropped"
    DELIVERED = "delivered"
    RETRYING = "retrying"
    FAILED = "failed"


@dataclass
class Webhook:
    """One event as it goes over the wire."""

    event_id: str
    kind: str
    body: bytes
    headers: dict[str, str]
    status: Delivery = Delivery.QUEUED
    copies: int = 1
    after_s: float = 0
    answers: list[str] = field(default_factory=list)

    def as_told(self) -> Entity:
        """The body is ASCII, and the headers are Latin-1, so both can be told as text."""
        return {
            "id": self.event_id,
            "event": self.kind,
            "status": self.status,
            "body": self.body.decode(),
            "headers": self.headers,
            "answers": self.answers,
        }


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


class Outbox:
    """Webhooks that were made. With somebody to deliver them they are handed over; else they wait to be taken."""

    def __init__(self, secret: str, deliver: Callable[[Webhook], object] | None, *, is_quiet: bool, most: int) -> None:
        self.secret = secret
        self.old_secret = ""
        self.faults = Faults()
        self._deliver = deliver
        self._is_quiet, self._most = is_quiet, most
        self._all: OrderedDict[str, Webhook] = OrderedDict()

    def rotate(self, secret: str) -> None:
        """A new secret. What was made before is signed with the old one, also when it is sent again."""
        self.old_secret, self.secret = self.secret, secret

    def put(self, kind: str, entities: dict[str, Entity], at_s: int) -> None:
        """Make a webhook of what these entities are now, and send it or keep it."""
        if self._is_quiet:
            return
        body = envelope(kind, entities, at_s)
        event_id = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", k=14))  # noqa: S311
        headers = {"Content-Type": "application/json", SIGNATURE: sign(self.secret, body), EVENT_ID: event_id}
        webhook = Webhook(event_id, kind, body, headers)
        if fault := self.faults.take(f"webhook.{kind}"):
            self._spoil(webhook, fault)
        self._all[event_id] = webhook
        if len(self._all) > self._most:
            self._all.popitem(last=False)
        self.send(webhook)

    def send(self, webhook: Webhook) -> None:
        if webhook.status == Delivery.QUEUED and self._deliver:
            self._deliver(webhook)

    def all(self) -> list[Webhook]:
        """Every webhook, the oldest first."""
        return list(self._all.values())

    def get(self, event_id: str) -> Webhook | None:
        return self._all.get(event_id)

    def take(self) -> list[Webhook]:
        """Those that wait, once for each copy; they are then somebody else's to deliver."""
        waiting = [webhook for webhook in self._all.values() if webhook.status == Delivery.QUEUED]
        for webhook in waiting:
            webhook.status = Delivery.TAKEN
        return [webhook for webhook in waiting for _ in range(webhook.copies)]

    def release(self, order: Iterable[str] | None = None) -> list[Webhook]:
        """Send what was held, in this order of event ids; those not named follow, the oldest first."""
        held = {webhook.event_id: webhook for webhook in self._all.values() if webhook.status == Delivery.HELD}
        first = [held.pop(event_id) for event_id in order or () if event_id in held]
        released = [*first, *held.values()]
        for webhook in released:
            webhook.status = Delivery.QUEUED
            self._all.move_to_end(webhook.event_id)
            self.send(webhook)
        return released

    def again(self, event_id: str) -> Webhook | None:
        """Send one once more, whatever became of it."""
        webhook = self._all.get(event_id)
        if webhook:
            webhook.status = Delivery.QUEUED
            self._all.move_to_end(event_id)
            self.send(webhook)
        return webhook

    def _spoil(self, webhook: Webhook, fault: Fault) -> None:
        match fault.kind:
            case Kind.DROP:
                webhook.status = Delivery.DROPPED
            case Kind.HOLD:
                webhook.status = Delivery.HELD
            case Kind.COPIES:
                webhook.copies = int(fault.seconds(2))
            case Kind.DELAY:
                webhook.after_s = fault.seconds(1)
            case Kind.WRONG_SIGNATURE:
                webhook.headers[SIGNATURE] = sign("not the secret", webhook.body)
            case Kind.OLD_SECRET:
                webhook.headers[SIGNATURE] = sign(self.old_secret, webhook.body)
            case Kind.NON_ASCII_SIGNATURE:
                webhook.headers[SIGNATURE] = "signé-" + webhook.headers[SIGNATURE]
            case Kind.NO_SIGNATURE:
                del webhook.headers[SIGNATURE]


def envelope(kind: str, entities: dict[str, Entity], at_s: int) -> bytes:
    """As PHP writes it: compact, ASCII, with every slash escaped, so that only the exact bytes fit the signature."""
    said: dict[str, Any] = {
        "entity": "event",
        "account_id": ACCOUNT_ID,
        "event": kind,
        "contains": list(entities),
        "payload": {name: {"entity": _as_in_a_webhook(entity)} for name, entity in entities.items()},
        "created_at": at_s,
    }
    return json.dumps(said, separators=(",", ":")).replace("/", "\\/").encode()


def _as_in_a_webhook(entity: Entity) -> Entity:
    """Razorpay's samples show `close_by` as a string here and as a number in the API."""
    shown = copy.copy(entity)
    if shown.get("close_by") is not None:
        shown["close_by"] = str(shown["close_by"])
    return shown
