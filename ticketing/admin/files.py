"""Files that the admin hands out. No cache on the way keeps its answers: some of these admit whoever has them."""

from __future__ import annotations

from django.http import HttpResponse


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser, from where it is printed."""
    return _file(content, "application/pdf", f'inline; filename="{name}"')


def as_csv(content: str, name: str) -> HttpResponse:
    """Saved; its cells are safe already."""
    return _file(content.encode(), "text/csv; charset=utf-8", f'attachment; filename="{name}"')


def _file(content: bytes, media_type: str, disposition: str) -> HttpResponse:
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
