"""A shop, a program or a till, as the API sees it: a client that knows how to ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission, User
from django.test import Client

from inventory.models import Place, Show
from tests.people import log_in

Answer = Any  # Django's test client answers with a response that has more than its class says


class Shop:
    """Asks as one browser or one program does; every write with a new Idempotency-Key, unless told which."""

    def __init__(self, bearer: str = "", *, login: User | None = None, address: str = "203.0.113.7") -> None:
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
        self.headers: dict[str, str] = {"authorization": f"Bearer {bearer}"} if bearer else {}
        self.user = login
        if login:
            log_in(self.client, login)
            self.client.cookies["csrftoken"] = token = "t" * 32
            self.headers["x-csrftoken"] = token

    @classmethod
    def logged_in(cls, name: str, *permissions: str, is_staff: bool = True) -> Shop:
        user = User.objects.create_user(name, is_staff=is_staff)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        return cls(login=user)

    def get(self, path: str, **headers: str) -> Answer:
        return self.client.get(f"/api/v1/{path}", headers=self.headers | _spelled(headers))

    def post(self, path: str, body: Any = None, *, key: str | None = "", **more: Any) -> Answer:
        return self._write("POST", path, body, key, **more)

    def delete(self, path: str, *, key: str | None = "") -> Answer:
        return self._write("DELETE", path, None, key)

    def lock(self, show: Show | str, *places: Place | int, key: str | None = "", **body: Any) -> Answer:
        """Lock these places of a show; `best=…` in their stead."""
        wanted: dict[str, Any] = {"places": [getattr(place, "pk", place) for place in places]} if places else {}
        slug = show if isinstance(show, str) else show.slug
        return self.post(f"shows/{slug}/locks", wanted | body, key=key)

    def _write(
        self,
        method: str,
        path: str,
        body: Any,
        key: str | None,
        *,
        raw: bytes | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Answer:
        if key is not None:
            headers = {"idempotency-key": key or str(uuid4())} | headers
        if raw is None:
            raw = b"" if body is None else json.dumps(body).encode()
        told = self.headers | _spelled(headers)
        return self.client.generic(method, f"/api/v1/{path}", raw, content_type=content_type, headers=told)


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def said(answer: Answer) -> tuple[int, str]:
    """A refusal's status and code."""
    return answer.status_code, answer.json()["code"]


def ids(places: Sequence[dict[str, Any]]) -> list[int]:
    return [place["id"] for place in places]
