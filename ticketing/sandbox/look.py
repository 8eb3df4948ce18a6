"""How the pages look: one frame for all, and how amounts, times and states are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path

from ticketing.sandbox.reading import Entity

_INDIA = timezone(timedelta(hours=5, minutes=30))
_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
_PLACES = {"/": "Start", "/money": "Money", "/webhooks": "Webhooks", "/codes": "Staff codes"}

_WORDS = {
    "created": "pending",
    "authorized": "authorized, not captured",
    "captured": "paid",
    "refunded": "given back",
    "attempted": "tried, not paid",
}
_COLOURS = {
    "captured": "good", "paid": "good", "processed": "good", "delivered": "good", "active": "good",
    "failed": "bad", "refunded": "bad", "dropped": "bad",
    "created": "open", "authorized": "open", "pending": "open", "attempted": "open", "retrying": "open",
    "queued": "open", "held": "open",
}  # fmt: skip


def page(title: str, body: str, *, here: str = "", refresh_s: int = 0) -> str:
    """A whole page. `body` is HTML; everything else is text."""
    again = f'<meta http-equiv="refresh" content="{refresh_s}">' if refresh_s else ""
    links = "".join(
        f'<a href="{path}"{" aria-current=page" if path == here else ""}>{name}</a>' for path, name in _PLACES.items()
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>{escape(title)} · Sandbox gateway</title>
<style>{_STYLE}</style>
</head>
<body>
<header><p><strong>Sandbox gateway</strong> No real money.</p><nav>{links}</nav></header>
<main>{body}</main>
</body>
</html>"""


def table(heads: list[str], rows: list[list[str]], nothing: str) -> str:
    """Cells are HTML. On a narrow screen each row becomes a card, with the heads beside its cells."""
    if not rows:
        return f'<p class="nothing">{escape(nothing)}</p>'
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{escape(name)}"><div>{cell}</div></td>' for name, cell in zip(heads, row, strict=True)
        )
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def button(address: str, words: str, /, *, kind: str = "quiet", **fields: str) -> str:
    """A form that posts these fields by one press."""
    hidden = "".join(f'<input type=hidden name="{name}" value="{escape(value)}">' for name, value in fields.items())
    return (
        f'<form method=post action="{escape(address)}">{hidden}<button class="{kind}">{escape(words)}</button></form>'
    )


def state(status: str) -> str:
    return f'<span class="state {_COLOURS.get(status, "")}">{escape(_WORDS.get(status, status))}</span>'


def rupees(paise: int | None) -> str:
    """`₹1,18,000.00`: the last three digits together, the others by two."""
    if paise is None:
        return "any amount"
    whole, rest = divmod(paise, 100)
    digits = str(whole)
    grouped = digits[-3:]
    for end in range(len(digits) - 3, 0, -2):
        grouped = f"{digits[max(0, end - 2) : end]},{grouped}"
    return f"₹{grouped}.{rest:02d}"


def clock(seconds: int) -> str:
    """The time of day in India."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(_INDIA).strftime("%H:%M:%S")


def about(what: Entity) -> str:
    """What an order or a code is for, in the merchant's words."""
    notes = what["notes"] if isinstance(what["notes"], dict) else {}
    return escape(str(what.get("description") or notes.get("receipt") or what.get("receipt") or "no description"))
