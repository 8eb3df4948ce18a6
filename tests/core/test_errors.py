"""Whatever goes wrong, the API says it in one form, and a bug is loud in the log and quiet outside."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions

from core import errors
from core.refusals import DomainError
from inventory.services.refusals import Busy
from tests.inventory.api.shop import Shop, said

SECRET = "the buyer's own words"


def _said(error: Exception) -> tuple[int, Any]:
    answer = errors.refuse(error, {})
    return answer.status_code, answer.data["code"]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (DomainError(), (409, "refused")),
        (exceptions.ValidationError({"a": "no"}), (400, "input_invalid")),
        (exceptions.ParseError(), (400, "input_invalid")),
        (exceptions.MethodNotAllowed("PUT"), (405, "method_not_allowed")),
        (exceptions.NotAcceptable(), (406, "not_acceptable")),
        (exceptions.UnsupportedMediaType("a/b"), (415, "media_type_unsupported")),
        (exceptions.Throttled(wait=3.2), (429, "throttled")),
        (exceptions.NotFound(), (404, "not_found")),
        (Http404(), (404, "not_found")),
        (PermissionDenied(), (403, "forbidden")),
        (SuspiciousOperation(), (400, "input_invalid")),
        (RuntimeError(), (500, "internal_error")),
    ],
)
def test_every_error_has_one_form(error: Exception, answer: tuple[int, str]) -> None:
    assert _said(error) == answer
    assert set(errors.refuse(error, {}).data) == {"code", "message", "facts"}


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_no_line_in_the_log(visitor: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert said(visitor.get("shows/nowhere")) == (404, "show_unknown")

    assert caplog.records == []


def test_who_must_wait_is_told_how_long() -> None:
    assert errors.refuse(Busy(), {}).headers["Retry-After"] == "1"
    assert errors.refuse(exceptions.Throttled(wait=3.2), {}).headers["Retry-After"] == "4"


def test_faults_are_told_by_their_path() -> None:
    detail: Any = {"best": {"tiers": {0: ["no such"]}}, "non_field_errors": ["neither"], "places": ["empty"]}

    told = errors.refuse(exceptions.ValidationError(detail), {}).data["facts"]["fields"]

    assert told == {"best.tiers.0": ["no such"], "": ["neither"], "places": ["empty"]}


@pytest.mark.django_db(transaction=True)
def test_a_bug_is_loud_in_the_log_and_tells_nothing_outside(
    partner: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("inventory.api.locks.lock_places", broken)
    monkeypatch.setattr("inventory.api.locks.show_to_lock_in", lambda *_, **__: _Ground)

    with caplog.at_level(logging.ERROR):
        answer = partner.post("shows/hamlet/locks", {"places": [1], "contact": SECRET})

    assert said(answer) == (500, "internal_error")
    assert answer.json()["facts"] == {}
    assert "RuntimeError: a bug" in caplog.text
    assert SECRET not in caplog.text
    assert partner.headers["authorization"].split()[1] not in caplog.text


class _Ground:
    show_id = channel_id = 1


def test_what_django_answers_itself_is_json_under_the_api_and_a_page_elsewhere(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    api, page = client.get("/api/nothing"), client.get("/nothing")
    host = client.get("/api/v1/shows", headers={"host": "evil.example"})

    assert said(api) == (404, "not_found")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert said(host) == (400, "input_invalid")


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        (lambda request: errors.server_error(request), (500, "internal_error")),
        (lambda request: errors.forbidden(request, PermissionDenied()), (403, "forbidden")),
        (lambda request: errors.bad_request(request, SuspiciousOperation()), (400, "input_invalid")),
    ],
)
def test_djangos_own_refusals_have_the_same_form(handler: Any, answer: tuple[int, str]) -> None:
    import json

    api, page = (handler(RequestFactory().get(path)) for path in ("/api/v1/shows", "/elsewhere"))

    assert (api.status_code, json.loads(api.content)["code"]) == answer
    assert page.headers["Content-Type"].startswith("text/html")
