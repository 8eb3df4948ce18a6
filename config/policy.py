"""Content-Security-Policy: what a page may load and run. Strict for the shop, as loose as needed for the admin.

The API's answers are no pages and carry none; its addresses are not even looked at any further (core/lean.py).
"""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest

from core.lean import ANSWERS

PAGES: dict[str, Any] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# django-unfold evaluates Alpine's expressions and writes styles into its pages; the API's description has both inline.
_LOOSE: dict[str, Any] = {
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "worker-src": [SELF, "blob:"],
}
LOOSER = ("/admin/", "/api/docs")


class Policies(CSPMiddleware):
    """django-csp, with one policy for the shop and another for the admin."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(ANSWERS):
            return self.get_response(request)
        return super().__call__(request)

    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(LOOSER):
            parts.replace = {**_LOOSE, **(parts.replace or {})}
        return parts
