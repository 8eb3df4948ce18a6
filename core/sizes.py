"""No request is larger than anybody needs: Django writes a form's files to disk before it asks who sends them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from core.json_in import BodyTooLarge

MOST_BYTES = 1_048_576
# A manifest may have 64 MiB (inventory/manifest/files.py), and a form stands around it.
MOST_BYTES_OF_FILES = 66 * 2**20
FILES = "/admin/"


def limit_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. What has no length is not read at all; the API's doors have limits of their own, below this."""

    def answer(request: HttpRequest) -> HttpResponse:
        most = MOST_BYTES_OF_FILES if request.path_info.startswith(FILES) else MOST_BYTES
        length = request.headers.get("Content-Length") or "0"
        if length.isdecimal() and int(length[:20]) > most:
            refusal = BodyTooLarge(most_bytes=most)
            return JsonResponse(refusal.as_envelope(), status=refusal.status, headers={"Cache-Control": "no-store"})
        return get_response(request)

    return answer
