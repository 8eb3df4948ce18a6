"""How the API says no: one envelope `{code, message, facts}` for whatever went wrong, and nothing half done is kept."""

from __future__ import annotations

import logging
from math import ceil
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.refusals import DomainError

API = "/api/"
_log = logging.getLogger(__name__)


class InputInvalid(DomainError):
    """What a body, a query or a header says cannot be read; `facts.fields` says where, and what is wrong there."""

    code, status, message = "input_invalid", 400, "The request cannot be understood."


class NotFound(DomainError):
    code, status, message = "not_found", 404, "There is nothing at this address."


class MethodNotAllowed(DomainError):
    code, status, message = "method_not_allowed", 405, "This cannot be done at this address."


class NotAcceptable(DomainError):
    code, status, message = "not_acceptable", 406, "Answers are JSON only."


class MediaTypeUnsupported(DomainError):
    code, status, message = "media_type_unsupported", 415, "Send JSON: Content-Type: application/json."


class Throttled(DomainError):
    code, status, message = "throttled", 429, "Too many requests. Wait a little."


class Unavailable(DomainError):
    code, status, message = "unavailable", 503, "The service is catching its breath. Try again in a moment."


class InternalError(DomainError):
    code, status, message = "internal_error", 500, "Something went wrong here. It has been noted."


class Forbidden(DomainError):
    code, status, message = "forbidden", 403, "This is not allowed."


def refuse(error: Exception, context: dict[str, Any]) -> Response:
    """Turn any exception out of a view into its envelope: the exception handler of Django REST framework."""
    set_rollback()
    refusal = _named(error)
    if isinstance(refusal, InternalError | Unavailable):
        _log.error("%s failed", type(context.get("view")).__name__, exc_info=error)
    answer = Response(refusal.as_envelope(), status=refusal.status, headers=_headers(refusal, error))
    # A refusal is an answer like any other: Django would log a line for each, thousands in the minute of an on-sale.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _named(error: Exception) -> DomainError:
    match error:
        case DomainError():
            return error
        case InterfaceError() | OperationalError() if not connection.is_usable():
            return Unavailable()
        case exceptions.ValidationError():
            return InputInvalid(fields=_flat(error.detail))
        case exceptions.ParseError():
            return InputInvalid(str(error.detail))
        case exceptions.MethodNotAllowed():
            return MethodNotAllowed()
        case exceptions.NotAcceptable():
            return NotAcceptable()
        case exceptions.UnsupportedMediaType():
            return MediaTypeUnsupported()
        case exceptions.Throttled():
            return Throttled(retry_after_s=max(1, ceil(getattr(error, "wait", None) or 1)))
        case exceptions.NotFound() | Http404():
            return NotFound()
        case exceptions.PermissionDenied() | PermissionDenied():
            return Forbidden()
        case RequestDataTooBig() | SuspiciousOperation() | UnreadablePostError():
            return InputInvalid()
    return InternalError()


def _headers(refusal: DomainError, error: Exception) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="housefull"'
    elif refusal.status == 503:
        headers["Retry-After"] = "1"
    elif isinstance(refusal, Throttled):
        headers["Retry-After"] = str(refusal.facts["retry_after_s"])
    return headers


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """`{"best.tiers.0": ["…"]}`: where, and every sentence about it; the whole body is ''."""
    if isinstance(detail, dict):
        parts = [_flat(below, _below(path, str(name))) for name, below in detail.items()]
    elif isinstance(detail, list) and any(isinstance(below, dict) for below in detail):
        parts = [_flat(below, _below(path, str(number))) for number, below in enumerate(detail)]
    else:
        return {path: [str(sentence) for sentence in (detail if isinstance(detail, list) else [detail])]}
    return {where: sentences for part in parts for where, sentences in part.items() if sentences}


def _below(path: str, name: str) -> str:
    return path if name == "non_field_errors" else f"{path}.{name}" if path else name


# What Django answers itself, before a view or after one: JSON under /api/, pages elsewhere.


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_at_the_desk(request):
        return _at_the_desk(request, 404)
    return _json(NotFound()) if request.path.startswith(API) else defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(InputInvalid()) if request.path.startswith(API) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_at_the_desk(request):
        return _at_the_desk(request, 403)
    return _json(Forbidden()) if request.path.startswith(API) else defaults.permission_denied(request, exception)


def _is_at_the_desk(request: HttpRequest) -> bool:
    """Whether somebody of the staff, logged in, is in the admin: their way back leads there, not into the shop."""
    user = getattr(request, "user", None)
    return request.path.startswith(reverse("admin:index")) and user is not None and user.is_active and user.is_staff


def _at_the_desk(request: HttpRequest, status: int) -> HttpResponse:
    context = admin.site.each_context(request) | {"is_refused": status == 403}
    return render(request, "core/at_the_desk.html", context, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    return _json(InternalError()) if request.path.startswith(API) else defaults.server_error(request)


def _json(refusal: DomainError) -> JsonResponse:
    return JsonResponse(refusal.as_envelope(), status=refusal.status, headers={"Cache-Control": "no-store"})
