"""Reads: the same for everybody who brings the same credential, so that a proxy can answer the crowd."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import Door
from inventory.api.asking import Asker, Reading, asker_of
from inventory.api.finding import show_for
from inventory.queries.doors import Ground

A_MOMENT = "max-age=1"
SOME_SECONDS = "max-age=5"
FOR_NOBODY = "private, no-store"
FOR_GOOD = "public, max-age=31536000, immutable"


class ReadingDoor(Door):
    """A door that reads no session and sets no cookie, unless its address asks for the staff's view."""

    authentication_classes = (Reading,)
    kept = A_MOMENT

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        asker = getattr(request, "_user", None)
        if isinstance(asker, Asker) and asker.is_staff:
            response.headers["Cache-Control"] = FOR_NOBODY
        elif response.status_code < 400:
            # Without `public`, what a key is answered is kept by no proxy (RFC 9111, 3.5).
            response.headers.setdefault("Cache-Control", self.kept)
        return super().finalize_response(request, response, *args, **kwargs)

    def ground(self, slug: str, **named: list[str]) -> tuple[Asker, Ground]:
        """Who asks about which show."""
        asker = asker_of(self.request)
        return asker, show_for(asker, slug, **named)


def etags(request: Request) -> list[str]:
    """The versions that the reader has already, of If-None-Match."""
    parts = request.headers.get("If-None-Match", "").split(",")
    return [part.strip().removeprefix("W/").strip('"') for part in parts if part.strip()]


def unchanged(version: str) -> Response:
    return Response(status=304, headers={"ETag": f'"{version}"'})
