"""A purchase through the program as it runs, each process telling all it can: nothing of the buyer is among it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from django.conf import settings as django_settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from inventory.models import Channel
from inventory.services.keys import make_key
from tests.inventory.api.conftest import cashier
from tests.inventory.api.shop import Shop
from tests.ticketing.books import make_priced_show
from tests.ticketing.sandboxed import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, WEBHOOKS_AT, Sandbox
from ticketing.models import GatewayEvent, Payment

__all__ = ["cashier"]
pytestmark = pytest.mark.django_db(transaction=True)
MOBILE, NAME, NOTE = "9820012345", "Asha Kulkarni", "a-note-about-nobody-else"


def _environment(sandbox: Sandbox) -> dict[str, str]:
    redis_url = django_settings.REDIS_URL.rpartition("/")[0] + "/15"
    return os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]),
        "REDIS_URL": redis_url,
        "RAZORPAY_BASE_URL": sandbox.base_url,
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRETS": WEBHOOK_SECRET,
        "LOG_LEVEL": "DEBUG",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }


@contextmanager
def _running(log: Path, environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=django_settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _until(done: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while not done():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


class _Browser:
    """A shop elsewhere, which keeps cookies as a browser does."""

    def __init__(self, port: int, **headers: str) -> None:
        self._http = urllib3.HTTPConnectionPool("127.0.0.1", port)
        self.headers = headers
        self.cookie = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Idempotency-Key": os.urandom(16).hex(), "Content-Type": "application/json", "Cookie": self.cookie}
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        answer = self._http.urlopen(method, path, raw, {**sent, **self.headers, **headers}, retries=False)
        if cookie := answer.headers.get("Set-Cookie", "").partition(";")[0]:
            self.cookie = cookie
        assert answer.status < 300, answer.data
        return answer.json()


def _answers(port: int) -> bool:
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}/health/", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_nothing_of_a_purchase_is_in_what_the_processes_say(sandbox: Sandbox, tmp_path: Path, cashier: Shop) -> None:
    show = make_priced_show()
    key = make_key(channel_id=Channel.objects.get(code="web").pk, name="our own shop")[1]
    environment, port = _environment(sandbox), _unused_port()
    web_log, worker_log = tmp_path / "web.log", tmp_path / "worker.log"
    web = ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--access-log")
    worker = ("celery", "-A", "config.celery", "worker", "--loglevel", "DEBUG", "-P", "solo", "--without-gossip")
    with (
        _running(web_log, environment, *web, "--log-level", "debug", "config.wsgi:application") as serving,
        _running(worker_log, environment, *worker, "--without-mingle") as working,
    ):
        _until(lambda: _answers(port), serving, web_log)
        _until(lambda: b"ready." in worker_log.read_bytes(), working, worker_log)
        visitor, program, till = _Browser(port), _Browser(port, Authorization=f"Bearer {key}"), _Browser(port)
        cookies = {name: morsel.value for name, morsel in cashier.client.cookies.items()}
        till.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        till.headers = {"X-CSRFToken": cookies["csrftoken"]}
        for shop in (visitor, program, till):
            lock = shop.ask("POST", f"/api/v1/shows/{show.slug}/locks", {"best": {"quantity": 1}, "contact": MOBILE})
            body = {"lock": lock["id"], "contact": MOBILE, "name": NAME}
            order = shop.ask("POST", "/api/v1/orders", body)["id"]
            if shop is till:
                shop.ask("POST", f"/api/v1/orders/{order}/payments", {"tender": "card_slip", "reference": NOTE})
                continue
            shop.ask("POST", f"/api/v1/orders/{order}/payments", {"way": "qr"})
            sandbox.pay(Payment.objects.latest("id").qr_id)
            for webhook in sandbox.take_webhooks():
                visitor.ask("POST", WEBHOOKS_AT, webhook.raw, **webhook.headers)
        _until(lambda: not GatewayEvent.objects.filter(done_at=None).exists(), working, worker_log)
        buyer = visitor.cookie.partition("=")[2]

    written = {log.name: log.read_text() for log in (web_log, worker_log)}
    secrets = [
        MOBILE, "98200", NAME, "Kulkarni", NOTE, buyer, key, cookies["sessionid"], cookies["csrftoken"],
        KEY_SECRET, WEBHOOK_SECRET, "gauri", "okhdfcbank", "9000090000", "upi://", "Authorization", "qr_code.credited",
        environment["SECRET_KEY"], environment["TICKET_SIGNING_KEY"],
    ]  # fmt: skip
    assert {name: [word for word in secrets if word in text] for name, text in written.items()} == {
        "web.log": [], "worker.log": [],
    }  # fmt: skip
    assert "work_on_webhooks" in written["worker.log"]
    assert (
        "/v1/payments/qr_codes" in written["web.log"]
    )  # what the HTTP library says of a call: no more than its address
