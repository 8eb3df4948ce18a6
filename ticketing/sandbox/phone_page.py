"""The payer's phone: what is asked for, what can be done about it, and what came of it. Plain HTML."""

from __future__ import annotations

from html import escape

from ticketing.sandbox import look
from ticketing.sandbox.account import Account, now_s
from ticketing.sandbox.payer import PAYER
from ticketing.sandbox.reading import Entity

LATER_S = 10


def write(account: Account, what: Entity, *, until_s: int = 0) -> str:
    """The page of a QR code or an order; it looks again by itself until this moment."""
    is_code = what["entity"] == "qr_code"
    amount = what["payment_amount"] if is_code else what["amount"]
    payments = account.payments_by(what)
    waits = until_s > now_s() - 1
    soon = '<p class="notice">The approval is on its way; this page looks again by itself.</p>' if waits else ""
    body = f"""
<section class="phone">
  <p class="payee"><span aria-hidden=true>HS</span> Housefull Sandbox</p>
  <p class="asked">{look.rupees(amount)}</p>
  <p class="for">{look.about(what)}</p>
  <p>{look.state(what["status"])} {_end(what)}</p>
  {soon}
  {_pay(what, amount)}
  <p class="from">Paying from <code>{PAYER}</code></p>
  <details><summary>Something unusual</summary>{_unusual(what, amount, is_code)}</details>
</section>
<section><h2>What came of it</h2>{_history(what, payments)}</section>
<p class="id"><code>{escape(what["id"])}</code></p>"""
    return look.page(f"Pay {look.rupees(amount)}", body, refresh_s=2 if waits else 0)


def _end(what: Entity) -> str:
    if what["status"] == "closed":
        why = {"paid": "by its payment", "on_demand": "by the merchant"}.get(what["close_reason"] or "", "by its time")
        return f"{why}, {look.clock(what['closed_at'])}"
    if what.get("close_by"):
        left = what["close_by"] - now_s()
        return f"until {look.clock(what['close_by'])}, {left // 60} min {left % 60:02d} s left"
    return ""


def _to(what: Entity) -> str:
    return f"/phone/{what['id']}"


def _pay(what: Entity, amount: int | None) -> str:
    approve = look.button(_to(what), f"Approve {look.rupees(amount)}", kind="pay", action="approve")
    decline = look.button(_to(what), "Decline", kind="decline", action="decline")
    if what["status"] in ("closed", "paid"):
        note = '<p class="notice">A payment now is one too many, or too late. The money moves all the same.</p>'
        return note + approve.replace("Approve", "Pay all the same:") + decline
    return approve + decline


def _unusual(what: Entity, amount: int | None, is_code: bool) -> str:
    to = _to(what)
    parts = [
        look.button(to, "Leave it pending: nothing more is heard", action="pending"),
        look.button(to, f"Approve in {LATER_S} seconds", action="approve", after_s=str(LATER_S)),
        look.button(to, "Approve twice", action="approve", twice="1"),
        look.button(to, "The bank has not enough money", action="decline", reason="insufficient_funds"),
        look.button(to, "The payer is too slow: timed out", action="decline", reason="payment_timed_out"),
    ]
    if is_code:
        parts.append(look.button(to, "Let the time run out, then approve", action="expired"))
    else:
        parts.append(look.button(to, "Approve too late to be captured by itself", action="authorize_only"))
    value = (amount or 10_000) / 100
    parts.append(
        f'<form method=post action="{escape(to)}" class="row"><label>Pay another amount, in ₹ '
        f'<input name=rupees type=number min=1 step=0.01 value="{value:.2f}" inputmode=decimal></label>'
        f'<input type=hidden name=action value=approve><button class="quiet">Approve this amount</button></form>'
    )
    return "".join(parts)


def _history(what: Entity, payments: list[Entity]) -> str:
    rows = [
        [
            look.clock(one["created_at"]),
            look.rupees(one["amount"]),
            look.state(one["status"])
            + (f" <small>{escape(one['error_reason'])}</small>" if one["error_reason"] else ""),
            f"<code>{escape(one['id'])}</code>",
            payment_buttons(one, _to(what)),
        ]
        for one in reversed(payments)
    ]
    return look.table(["Time", "Amount", "State", "Payment", ""], rows, "Nothing yet.")


def payment_buttons(payment: Entity, back: str) -> str:
    """What can still happen to a payment; afterwards `back`."""
    to = f"/payments/{payment['id']}"
    match payment["status"]:
        case "created":
            return look.button(to, "It succeeds now", to="captured", back=back) + look.button(
                to, "It fails now", to="failed", back=back
            )
        case "failed":
            return look.button(to, "It succeeds late", to="captured", back=back)
        case "authorized":
            return look.button(to, "Captured", to="captured", back=back) + look.button(
                to, "The gateway gives it back", to="refunded", back=back
            )
        case "captured":
            return look.button(to, "The gateway gives it back", to="refunded", back=back)
    return ""
