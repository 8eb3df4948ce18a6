"""Who has given the right password and owes a code. Until then nobody is logged in."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

KEY = "owes_a_code"
FOR_S = 600


def keep(request: HttpRequest, user: User, backend: str, then: str) -> None:
    """Remember for ten minutes whose password was right, and where they wanted to go."""
    request.session.cycle_key()
    request.session[KEY] = {
        "pk": user.pk,
        "hash": user.get_session_auth_hash(),
        "backend": backend,
        "then": then,
        "at": time.time(),
    }


def who(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who it is, and what was kept; None where nobody is, or it was long ago, or the password has changed."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or time.time() - kept["at"] > FOR_S:
        return None
    user = User.objects.filter(pk=kept["pk"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return user, kept


def drop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
