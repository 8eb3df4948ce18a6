"""The application: Razorpay's API, the control API, the pages; and an event loop for what happens later."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.responses import Response

from ticketing.sandbox import control
from ticketing.sandbox.account import Account
from ticketing.sandbox.api import Api, Receive, Scope, Send
from ticketing.sandbox.configuration import Configuration
from ticketing.sandbox.delivery import Courier
from ticketing.sandbox.pages import Pages


class Sandbox:
    """One account over HTTP. The gateway's own addresses go past Starlette, for speed."""

    def __init__(self, configuration: Configuration) -> None:
        self.account = account = Account(configuration)
        self._api = Api(account)
        self._pages = Starlette(routes=[*control.routes(account), *Pages(account).routes()], lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            await self._api(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/sandbox/") and not _is_near(scope):
            await Response("The control of the sandbox is for this machine only.", 403)(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def later(after_s: float, act: Callable[[], object]) -> object:
            return loop.call_later(after_s, act)

        self.account.later = later
        url = self.account.configuration.webhook_url
        courier = Courier(url) if url else None
        self.account.deliver = courier.take if courier else None
        self.account.reset()
        yield
        if courier:
            await courier.close()


def _is_near(scope: Scope) -> bool:
    """Whether the caller is on this machine. The pages may be open to a phone on the same network; this is not."""
    host = (scope.get("client") or ("",))[0]
    return host in ("127.0.0.1", "::1")


def make_app() -> Sandbox:
    """What granian's worker calls."""
    return Sandbox(Configuration.of(os.environ))
