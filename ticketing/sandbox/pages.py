"""The pages' addresses: a form posts, something happens, the browser is sent back. No script is needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ticketing.sandbox import control, list_pages, look, payer, phone_page, qr_codes, staff_codes
from ticketing.sandbox.account import Account, now_s
from ticketing.sandbox.reading import Entity
from ticketing.sandbox.refusals import Refused

Endpoint = Callable[[Request], Awaitable[Response]]
Verb = Callable[[Request, dict[str, str]], str]


class Pages:
    """Each method is one address; those that change something return where the browser goes next."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self) -> list[Route]:
        reads: dict[str, Callable[[Request], Response]] = {
            "/": lambda request: HTMLResponse(list_pages.start(self._account)),
            "/money": lambda request: HTMLResponse(list_pages.money(self._account)),
            "/webhooks": lambda request: HTMLResponse(list_pages.webhooks(self._account)),
            "/codes": lambda request: HTMLResponse(staff_codes.write(self._account.configuration.logins_file)),
            "/phone": self.phone_of_link,
            "/phone/{id}": self.phone,
        }
        verbs: dict[str, Verb] = {
            "/phone/{id}": self.pay,
            "/payments/{id}": self.move_payment,
            "/refunds/{id}": self.move_refund,
            "/settlements": self.settle,
            "/webhooks/{id}": self.redeliver,
        }
        return [
            *(Route(path, _shows(read), methods=["GET"]) for path, read in reads.items()),
            *(Route(path, _does(verb), methods=["POST"]) for path, verb in verbs.items()),
        ]

    def phone_of_link(self, request: Request) -> Response:
        """`?link=upi://pay?…`: what an UPI app would open."""
        link = request.query_params.get("link", "")
        return RedirectResponse(f"/phone/{made_by_link(self._account, link)['id']}", 303)

    def phone(self, request: Request) -> Response:
        what = _what(self._account, request.path_params["id"])
        until = request.query_params.get("until", "")
        return HTMLResponse(phone_page.write(self._account, what, until_s=int(until) if until.isdigit() else 0))

    def pay(self, request: Request, said: dict[str, str]) -> str:
        what = _what(self._account, request.path_params["id"])
        if said.get("action") == "expired":
            control.expire(self._account, {"qr_id": what["id"]})
            said["action"] = "approve"
        more: Entity = {name: said[name] for name in ("after_s", "twice", "reason") if said.get(name)}
        if said.get("rupees"):
            more["amount"] = round(float(said["rupees"]) * 100)
        which = "order_id" if what["entity"] == "order" else "qr_id"
        control.pay(self._account, {which: what["id"], "action": said.get("action"), **more})
        until = f"?until={now_s() + int(said['after_s']) + 1}" if said.get("after_s") else ""
        return f"/phone/{what['id']}{until}"

    def move_payment(self, request: Request, said: dict[str, str]) -> str:
        payer.move(self._account, self._account.payments.get(request.path_params["id"]), said.get("to", ""))
        back = said.get("back", "")
        return back if back.startswith("/") and not back.startswith("//") else "/money"

    def move_refund(self, request: Request, said: dict[str, str]) -> str:
        control.move_refund(self._account, {"refund_id": request.path_params["id"], "to": said.get("to", "")})
        return "/money"

    def settle(self, request: Request, said: dict[str, str]) -> str:
        control.settle(self._account, {})
        return "/money"

    def redeliver(self, request: Request, said: dict[str, str]) -> str:
        control.redeliver(self._account, {"event_id": request.path_params["id"]})
        return "/webhooks"


def made_by_link(account: Account, link: str) -> Entity:
    """The QR code or order whose link this is, by its reference `tr`. Raises Refused where it is none of ours."""
    reference = parse_qs(urlsplit(link).query).get("tr", [""])[0]
    if reference.endswith("qrv2"):
        return account.qr_codes.get(f"qr_{reference[3:-4]}")
    payment = account.payments.get(f"pay_{reference[3:]}")
    return account.orders.get(payment["order_id"] or "")


def _what(account: Account, given: str) -> Entity:
    return account.orders.get(given) if given.startswith("order_") else qr_codes.as_of_now(account.qr_codes.get(given))


def _shows(read: Callable[[Request], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return read(request)
        except Refused:
            return _nothing_here()

    return endpoint


def _does(verb: Verb) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        said = dict(parse_qsl((await request.body()).decode()))
        try:
            return RedirectResponse(verb(request, said), 303)
        except Refused as refusal:
            return HTMLResponse(_sorry(str(refusal)), 400)
        except (KeyError, ValueError):
            return HTMLResponse(_sorry("The form could not be understood."), 400)

    return endpoint


def _nothing_here() -> Response:
    words = "This code or order is not known here. The sandbox forgets everything when it stops."
    return HTMLResponse(_sorry(words), 404)


def _sorry(words: str) -> str:
    return look.page("Not possible", f'<h1>Not possible</h1><p class="notice">{escape(words)}</p>')
