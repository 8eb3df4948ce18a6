"""What every page for one buyer shares: who is asking, how often, and that nothing of it is kept by anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from rest_framework.request import Request

from core.callers import Caller
from core.refusals import DomainError
from core.throttles import Rates
from inventory.api.asking import Asker, remember, visitor_of
from ticketing.storefront.words import what_to_do

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Asker, P], HttpResponse]


@dataclass(frozen=True, slots=True)
class _Counted:
    """As much of a request as its rates are counted by."""

    method: str
    user: Caller


def for_a_buyer(page: Page[P]) -> Callable[..., HttpResponse]:
    """A page that knows its buyer: by cookie, whoever else is logged in; a new one is given it with the first write.

    A refusal that the page does not tell itself becomes a page of its own; what is not this buyer's is 404.
    """

    @wraps(page)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asker = visitor_of(request, request.POST.get("key", ""))
        if _is_too_often(request, asker):
            response = refused(request, "Too many requests came from you. Wait a minute.", 429)
        else:
            response = _told(page, request, asker, *args, **kwargs)
        if request.method == "POST":
            remember(response, asker)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer


def for_anybody(page: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A page for whoever has its address, counted by where they are: drawing it costs more than asking."""

    @wraps(page)
    def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = cast("HttpRequest", args[0])
        if _is_too_often(request, visitor_of(request)):
            return refused(request, "Too many requests came from you. Wait a minute.", 429)
        return page(*args, **kwargs)

    return answer


def _told(
    page: Callable[..., HttpResponse], request: HttpRequest, asker: Asker, *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        return page(request, asker, *args, **kwargs)
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return refused(request, what_to_do(refusal), refusal.status)


def _is_too_often(request: HttpRequest, asker: Asker) -> bool:
    counted = cast("Request", _Counted(str(request.method), asker))
    return not Rates().allow_request(counted, cast("Any", None))


class _SeeOther(HttpResponseRedirect):
    status_code = 303


def see_other(address: str) -> HttpResponse:
    """After a POST: look there, by GET (RFC 9110, 15.4.4), so that reloading sends nothing again."""
    return _SeeOther(address)


def refused(request: HttpRequest, words: str, status: int, **more: Any) -> HttpResponse:
    """A page that says no, and leads on."""
    return render(request, "storefront/refused.html", {"words": words, "status": status} | more, status=status)
