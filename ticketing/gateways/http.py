"""JSON over HTTP to a gateway: connections that are kept, time limits, and what a failed request may have done.

Nothing is tried twice here: only the caller knows whether that is safe.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from ticketing.gateways.words import GatewayRefused, GatewayUnreachable

Answer = dict[str, Any]

_KEPT = 16  # connections; a web process has few threads, a worker fewer


class Transport:
    """One base address with its credentials. Safe to share between threads."""

    def __init__(self, base_url: str, user: str, password: str, *, connect_s: float, read_s: float) -> None:
        address = urllib3.util.parse_url(base_url)
        self._prefix = (address.path or "").rstrip("/")
        # The pool itself, not a manager of pools: there is one host, and to find its pool takes longer than to use it.
        self._pool = urllib3.connection_from_url(
            base_url,
            maxsize=_KEPT,
            timeout=urllib3.Timeout(connect=connect_s, read=read_s),
            retries=False,
            headers=urllib3.make_headers(basic_auth=f"{user}:{password}", user_agent="Housefull")
            | {"Content-Type": "application/json", "Accept": "application/json"},
        )

    def get(self, path: str, **query: str | int) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None, {})

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> Answer:
        return self._ask("POST", path, json.dumps(body, separators=(",", ":")).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """The answer's object. Raises GatewayRefused, and GatewayUnreachable for whatever is not a clear answer."""
        changes = method == "POST"
        try:
            answer = self._pool.urlopen(
                method, self._prefix + path, body, {**self._pool.headers, **headers}, redirect=False
            )
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise GatewayUnreachable(type(error).__name__, may_have_happened=False) from error
        except HTTPError as error:
            raise GatewayUnreachable(type(error).__name__, may_have_happened=changes) from error
        return _read(answer.status, answer.data, changes)


def _read(status: int, raw: bytes, changes: bool) -> Answer:
    try:
        said = json.loads(raw)
    except ValueError:
        said = None
    if isinstance(said, dict) and status < 300:
        return said
    error = said.get("error") if isinstance(said, dict) else None
    code = str(error.get("code") or "") if isinstance(error, dict) else ""
    is_its_own_trouble = code in {"SERVER_ERROR", "GATEWAY_ERROR"}
    if not isinstance(error, dict) or status == 429 or status >= 500 or status < 300 or is_its_own_trouble:
        # A page that stands in for a 4xx comes from something before the gateway, which never saw the request.
        unclear = status < 400 or status >= 500 or is_its_own_trouble
        raise GatewayUnreachable(f"{status} {code}".strip(), may_have_happened=changes and unclear, status=status)
    told = {name: str(error.get(name) or "") for name in ("reason", "field", "description")}
    raise GatewayRefused(status, code, **told)
