"""A request that is larger than anybody needs is refused before anything of it is read, or written to disk."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from core.sizes import MOST_BYTES, MOST_BYTES_OF_FILES, limit_bodies


class _Unread:
    def read(self, *_: Any) -> bytes:
        raise AssertionError("nobody reads this")

    readline = read


def _answer(path: str, **meta: str) -> HttpResponse:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("a page")

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.input": _Unread(), **meta}
    return limit_bodies(page)(WSGIRequest(environ | {"CONTENT_TYPE": "multipart/form-data; boundary=x"}))


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", MOST_BYTES),
        ("/baskets/x/order", MOST_BYTES),
        ("/api/v1/orders", MOST_BYTES),
        ("/admin/", MOST_BYTES_OF_FILES),
        ("/administrators", MOST_BYTES),
    ],
)
def test_a_body_has_a_most(path: str, most: int) -> None:
    lengths = {str(most): 200, "0": 200, str(most + 1): 413, "9" * 400: 413, "-1": 200, "nonsense": 200}

    assert {length: _answer(path, CONTENT_LENGTH=length).status_code for length in lengths} == lengths
    assert _answer(path).status_code == 200


def test_whoever_sends_too_much_is_told_how_much_is_taken() -> None:
    answer = _answer("/", CONTENT_LENGTH="99999999")

    assert answer.headers["Content-Type"] == "application/json"
    assert b'"most_bytes": 1048576' in answer.content


@pytest.mark.django_db
def test_a_file_for_nobody_is_refused_without_being_written_down(client: Any) -> None:
    """A POST to a page with forms, and to the login of the admin; before anybody looks at who sends it."""
    raw = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--x--"

    answer = client.post("/shows/hamlet/basket", raw, content_type="multipart/form-data; boundary=x")

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
