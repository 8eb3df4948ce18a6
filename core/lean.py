"""A poll that finds nothing new should cost next to nothing: answers of the API go without what only a page needs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ANSWERS = "/api/v1/"
# What a browser obeys for documents and frames. `nosniff` and HSTS stay.
_OF_PAGES = ("X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")


def lean_answers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost, so that it sees what all others have added."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ANSWERS):
            # Where there is no content there is no length of it (RFC 9110, 8.6).
            for name in (*_OF_PAGES, *(["Content-Length"] if response.status_code in (204, 304) else [])):
                response.headers.pop(name, None)
        return response

    return answer
