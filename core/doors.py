"""What every view of the API is: JSON in, one call, JSON out, and headers that say what may be kept by whom."""

from __future__ import annotations

from typing import Any

from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import NotFound
from core.idempotency import Answer
from core.json_in import LengthRequired


class Door(APIView):
    """One operation. What it answers is kept by nobody, unless it says otherwise, and differs by credential."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise LengthRequired  # else its body would be passed over in silence

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        if answer.status_code == 405:
            answer.headers["Allow"] = ", ".join(method for method in self.allowed_methods if method != "OPTIONS")
        patch_vary_headers(answer, ["Authorization"])
        return answer


class Unknown(Door):
    """Whatever address under /api/ is none."""

    authentication_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound


def answered(answer: Answer, **headers: str) -> Response:
    """A write's answer over HTTP; one given before says so."""
    if answer.is_replay:
        headers["Idempotent-Replayed"] = "true"
    content = None if answer.status == 204 else answer.content
    return Response(content, status=answer.status, headers=headers)
