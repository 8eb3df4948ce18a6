"""What names people or opens doors is taken out of whatever is logged. A second line: nobody means to log it.

Errors of other programs carry it all the same: PostgreSQL shows the row that broke a rule, a gateway repeats a handle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LEFT_OUT = "[left out]"
_KEYS = re.compile("authorization|body|contact|cookie|email|passw|payer|phone|raw|secret|signature|token|vpa", re.I)
_PLAIN = (int, float, type(None))
_PATTERNS = [
    # PostgreSQL: the row, or the place in the statement, values and all; up to the end of a line, also of a quoted one.
    (re.compile(r"(DETAIL: |LINE \d+: ).*?(?=\\n|$)", re.M), rf"\1{LEFT_OUT}"),
    (re.compile(r"upi://[^\s\"')]*", re.I), LEFT_OUT),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.I), rf"\1 {LEFT_OUT}"),
    (re.compile(r"\bhf_[\w-]{43}"), LEFT_OUT),
    (re.compile(r"\b(hf_buyer|sessionid|csrftoken)\b(\W{1,4})\w+"), rf"\1\2{LEFT_OUT}"),
    (re.compile(r"(://[^\s:/@]*):[^\s/@]*@"), rf"\1:{LEFT_OUT}@"),
    # An e-mail address, or the handle of an account; a masked one stays.
    (re.compile(r"[\w.%+'-]+@\w[\w.-]*"), LEFT_OUT),
    # An Indian mobile number, or another in E.164.
    (re.compile(r"(?<![\w.-])(?:\+?91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?![\w-])"), LEFT_OUT),
    (re.compile(r"(?<!\w)\+\d{8,15}\b"), LEFT_OUT),
    # Whoever has this address has the tickets.
    (re.compile(r"(/tickets/)[a-z2-7]{26}"), rf"\1{LEFT_OUT}"),
    # A visitor's secret, or any digest of that size.
    (re.compile(r"\b[0-9a-f]{32}\b"), LEFT_OUT),
]


def scrub(logger: Any, method: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """A processor of structlog, the last before a line is written, after tracebacks have become text."""
    return {key: LEFT_OUT if _KEYS.search(key) and key != "event" else _scrubbed(value) for key, value in line.items()}


def scrubbed(text: str) -> str:
    """The text without what names people or opens doors."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _scrubbed(value: Any) -> Any:
    match value:
        case str():
            return scrubbed(value)
        case Mapping():
            return scrub(None, "", {str(key): each for key, each in value.items()})
        case list() | tuple():
            return [_scrubbed(each) for each in value]
        case _:
            return value if isinstance(value, _PLAIN) else scrubbed(repr(value))
