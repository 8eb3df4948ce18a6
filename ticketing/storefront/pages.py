"""Pages that are the same for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# What belongs to one buyer is no business of a crawler's.
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /api/
Disallow: /baskets/
Disallow: /orders/
Disallow: /tickets/
"""


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    page = render(request, "storefront/privacy.html")
    page.headers["Cache-Control"] = "max-age=300"
    return page


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain", headers={"Cache-Control": "max-age=3600"})
