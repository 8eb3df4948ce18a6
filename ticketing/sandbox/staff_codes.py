"""The phones of the demo's staff: what an authenticator app would show for each login now (RFC 6238)."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b32decode
from html import escape
from pathlib import Path

from ticketing.sandbox import look

STEP_S, DIGITS = 30, 6


def code_at(key: str, at: float) -> str:
    """The six digits of a key in base32 at a moment (Unix time): HMAC-SHA-1 of the half minute, cut (RFC 4226)."""
    digest = hmac.digest(b32decode(key), int(at // STEP_S).to_bytes(8, "big"), "sha1")
    at_byte = digest[-1] & 15
    number = int.from_bytes(digest[at_byte : at_byte + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def write(logins_file: str, at: float | None = None) -> str:
    """The page: a line for every login that needs a code."""
    at = time.time() if at is None else at
    left = STEP_S - int(at % STEP_S)
    rows = [
        [escape(one["username"]), escape(one["role"]), f"<strong><code>{code_at(one['key'], at)}</code></strong>"]
        for one in _logins(logins_file)
        if one.get("key")
    ]
    body = f"""<h1>Staff codes</h1>
<p>Who may refund or break holds logs in with a code besides the password. These are the demo's logins; each code is
good once, and these for {left} more seconds.</p>
{look.table(["Login", "Role", "Code now"], rows, "No demo login needs a code.")}"""
    return look.page("Staff codes", body, here="/codes", refresh_s=left)


def _logins(file: str) -> list[dict[str, str]]:
    try:
        logins: list[dict[str, str]] = json.loads(Path(file).read_text(encoding="utf-8"))["logins"]
    except (OSError, ValueError, KeyError):
        return []
    return logins
