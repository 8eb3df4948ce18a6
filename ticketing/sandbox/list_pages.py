"""The other pages: what can be paid, the money that moved, and what was sent to the merchant about it."""

from __future__ import annotations

from html import escape
from itertools import islice

from ticketing.sandbox import look
from ticketing.sandbox.account import Account
from ticketing.sandbox.phone_page import payment_buttons
from ticketing.sandbox.qr_codes import as_of_now
from ticketing.sandbox.reading import Entity

_SHOWN = 30


def start(account: Account) -> str:
    """The newest codes and orders, each with its phone."""
    codes = [as_of_now(one) for one in islice(account.qr_codes.newest(), _SHOWN)]
    orders = list(islice(account.orders.newest(), _SHOWN))
    newest = sorted([*codes, *orders], key=lambda one: -int(one["created_at"]))[:_SHOWN]
    rows = [
        [
            look.clock(one["created_at"]),
            "QR code" if one["entity"] == "qr_code" else "Link on a phone",
            look.rupees(one.get("payment_amount") or one.get("amount")),
            look.about(one),
            look.state(one["status"]),
            f'<a class="open" href="/phone/{escape(one["id"])}">Open the phone</a>',
        ]
        for one in newest
    ]
    body = f"""<h1>To be paid</h1>
<p>Open a phone to play the buyer: approve, decline, pay late, pay twice, pay a wrong amount.</p>
{look.table(["Time", "By", "Amount", "For", "State", ""], rows, "Nothing to pay yet. Begin a payment in the shop.")}"""
    return look.page("Start", body, here="/", refresh_s=5)


def money(account: Account) -> str:
    payments = list(islice(account.payments.newest(), _SHOWN))
    refunds = list(islice(account.refunds.newest(), _SHOWN))
    settlements = list(islice(account.settlements.newest(), 5))
    body = f"""<h1>Money</h1>
<h2>Refunds</h2>{
        look.table(
            ["Time", "Amount", "State", "Refund", "Of", ""],
            [_refund(one) for one in refunds],
            "Nothing was given back.",
        )
    }
<h2>Payments</h2>{
        look.table(
            ["Time", "Amount", "State", "From", "Payment", ""], [_payment(one) for one in payments], "Nobody has paid."
        )
    }
<h2>Settlements</h2>{look.button("/settlements", "Pay out what has not been")}
{look.table(["Time", "Amount", "Fees", "UTR"], [_settlement(one) for one in settlements], "Nothing was paid out.")}"""
    return look.page("Money", body, here="/money")


def webhooks(account: Account) -> str:
    newest = account.outbox.all()[: -_SHOWN - 1 : -1]
    rows = [
        [
            f"<code>{escape(one.kind)}</code>",
            look.state(one.status),
            escape(", ".join(one.answers) or "no answer yet"),
            f"<code>{escape(one.event_id)}</code>",
            look.button(f"/webhooks/{one.event_id}", "Send once more"),
        ]
        for one in newest
    ]
    url = account.configuration.webhook_url
    where = f"<p>They go to <code>{escape(url)}</code>.</p>" if url else "<p>They wait until somebody takes them.</p>"
    body = f"""<h1>Webhooks</h1>{where}
{look.table(["Event", "State", "Answers", "Id", ""], rows, "Nothing was sent.")}"""
    return look.page("Webhooks", body, here="/webhooks", refresh_s=5)


def _payment(payment: Entity) -> list[str]:
    given_back = f" <small>{look.rupees(payment['amount_refunded'])} back</small>" if payment["amount_refunded"] else ""
    return [
        look.clock(payment["created_at"]),
        look.rupees(payment["amount"]) + given_back,
        look.state(payment["status"]),
        escape(payment["vpa"] or "unknown"),
        f"<code>{escape(payment['id'])}</code>",
        payment_buttons(payment, "/money"),
    ]


def _refund(refund: Entity) -> list[str]:
    to = f"/refunds/{refund['id']}"
    verbs = look.button(to, "Process", to="processed") + look.button(to, "Let it fail", to="failed")
    return [
        look.clock(refund["created_at"]),
        look.rupees(refund["amount"]),
        look.state(refund["status"]),
        f"<code>{escape(refund['id'])}</code>",
        f"<code>{escape(refund['payment_id'])}</code>",
        verbs if refund["status"] == "pending" else "",
    ]


def _settlement(settlement: Entity) -> list[str]:
    return [
        look.clock(settlement["created_at"]),
        look.rupees(settlement["amount"]),
        look.rupees(settlement["fees"]),
        f"<code>{escape(settlement['utr'])}</code>",
    ]
