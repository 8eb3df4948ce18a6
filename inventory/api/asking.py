"""Who is asking, and so on which channel: it comes from the credential, never from what a request says.

Without a credential it is a visitor, on the web. An API key is the channel it was made for. A login is staff: for
writes on the counter, for reads only where the address asks for it, so that a proxy may keep what the public sees.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.crypto import salted_hmac
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from core import second_factor
from core.address import address_of
from core.callers import Caller
from core.idempotency import HEADER
from core.refusals import DomainError
from inventory.acts import By, Holder
from inventory.queries.keys import key_in_use
from inventory.services.keys import digest_of

BUYER = "hf_buyer"
BUYER_FOR_S = 30 * 86_400
# The shop's own pages say so: whoever is logged in as staff besides is a visitor there, and buys as one.
AS_VISITOR = "X-As-Visitor"
USE_COUNTER = "inventory.use_counter"
SEE_STOCK = "inventory.view_place"
_BEARER = re.compile(r"Bearer (hf_[A-Za-z0-9_-]{43})", re.IGNORECASE)
_BUYER = re.compile(r"[0-9a-f]{32}")
# So short a key may be another visitor's, too: it says nothing about who sends it.
_TELLING = 20


class KeyUnknown(DomainError):
    code, status, message = "key_unknown", 401, "This API key is not known, or was revoked."


class LoginNeeded(DomainError):
    code, status, message = "login_needed", 401, "This view is for staff: log in."


class StaffOnly(DomainError):
    code, status, message = "staff_only", 403, "This login may not do that. Log out to be a visitor."


class SecondFactorNeeded(DomainError):
    code, status, message = "second_factor_needed", 403, "This login needs a code from the phone besides: log in again."


class CsrfFailed(DomainError):
    code, status, message = "csrf_failed", 403, "A login needs the token of its cookie `csrftoken` in X-CSRFToken."


@dataclass(frozen=True, slots=True)
class Asker(Caller):
    """A caller with a channel: its code, and whether it is a web, a counter or a partner.

    `buyer` is the secret that a visitor is known by; `is_new` where it is a new one. `login` is a cashier's.
    """

    channel: str
    channel_kind: str
    buyer: str = ""
    is_new: bool = False
    login: User | None = None

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    def may(self, permission: str) -> bool:
        """Whether a login has this permission; nobody else has any."""
        return self.login is not None and self.login.has_perm(permission)

    def actor(self) -> str:
        """Whose act it is, for the ledger: of a visitor only the first digits of a digest."""
        return f"session:{self.digests()['session'][:8]}" if self.buyer else self.name

    def digests(self) -> dict[str, str]:
        """What the ledger keeps of whom a lock counts against."""
        return self.holder().digests()

    def holder(self, contact: str = "") -> Holder:
        """Whom a lock counts against. A key's address is the partner's server, and a cashier's is the house."""
        if self.kind == "visitor":
            return Holder(session=self.buyer, address=self.address, contact=contact)
        return Holder(contact=contact)

    def by(self, channel_id: int | None) -> By:
        return By(actor=self.actor(), channel_id=channel_id)


def asker_of(request: Request) -> Asker:
    """Who makes this request, as the door's authentication found."""
    asker = request.user
    assert isinstance(asker, Asker)
    return asker


class Reading(BaseAuthentication):
    """For reads: the public, or a key; staff where the address says `view=staff`."""

    def authenticate(self, request: Request) -> tuple[Asker, None]:
        address = address_of(request._request)
        if key := _key(request, address):
            return key, None
        if request.query_params.get("view") == "staff":
            return _reading_staff(request._request, address), None
        return Asker("visitor", "", address, "web", "web"), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class Writing(BaseAuthentication):
    """For writes, and for reading what one wrote: a key, staff at the counter, or a visitor by cookie."""

    def authenticate(self, request: Request) -> tuple[Asker, None]:
        address = address_of(request._request)
        asker = _key(request, address)
        if asker is None and AS_VISITOR not in request.headers:
            asker = _cashier(request._request, address)
        return asker or visitor_of(request._request), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _key(request: Request, address: str) -> Asker | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    match = _BEARER.fullmatch(header)
    found = match and key_in_use(digest_of(match[1]))
    if not found:
        raise KeyUnknown
    return Asker("key", f"key:{found.key_id}", address, found.channel, found.channel_kind)


def _cashier(request: HttpRequest, address: str) -> Asker | None:
    user = _staff(request)
    if user is None:
        return None
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        _enforce_csrf(request)
    if not user.has_perm(USE_COUNTER):
        raise StaffOnly(permission=USE_COUNTER)
    return Asker("staff", f"user:{user.pk}", address, "counter", "counter", login=user)


def _reading_staff(request: HttpRequest, address: str) -> Asker:
    user = _staff(request)
    if user is None:
        raise LoginNeeded
    if not (user.has_perm(USE_COUNTER) or user.has_perm(SEE_STOCK)):
        raise StaffOnly(permission=USE_COUNTER)
    return Asker("staff", f"user:{user.pk}", address, "counter", "counter")


def _staff(request: HttpRequest) -> User | None:
    # Whoever brings no session cookie costs no look at sessions.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user: AbstractBaseUser | AnonymousUser = request.user
    if not (isinstance(user, User) and user.is_active and user.is_staff):
        return None
    if not second_factor.is_passed(user):
        raise SecondFactorNeeded
    return user


def visitor_of(request: HttpRequest, key: str = "") -> Asker:
    """The visitor whose browser this is, by cookie; a new one where it has none. `key` is its Idempotency-Key."""
    address = address_of(request)
    cookie = request.COOKIES.get(BUYER, "")
    if _BUYER.fullmatch(cookie):
        return Asker("visitor", f"buyer:{cookie}", address, "web", "web", buyer=cookie)
    buyer = _new_buyer(address, key or request.headers.get(HEADER, ""))
    return Asker("visitor", f"buyer:{buyer}", address, "web", "web", buyer=buyer, is_new=True)


def remember(answer: HttpResponseBase, asker: Asker) -> None:
    """Give a new visitor the cookie to be known by later."""
    if asker.is_new:
        answer.set_cookie(
            BUYER, asker.buyer, max_age=BUYER_FOR_S, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS
        )


def _new_buyer(address: str, key: str) -> str:
    """128 bits that nobody guesses. The same for the same long Idempotency-Key from the same address.

    So a first request whose answer, and cookie with it, was lost can be sent again and gets both.
    """
    if len(key) < _TELLING:
        return secrets.token_hex(16)
    return salted_hmac("inventory.api.buyer", f"{address}\n{key}", algorithm="sha256").hexdigest()[:32]


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise CsrfFailed


def _enforce_csrf(request: HttpRequest) -> None:
    """Django's own check, which views of the API are otherwise exempt from: a page elsewhere must not sell here."""

    def unused(request: HttpRequest) -> HttpResponse:
        raise AssertionError("never called")

    check = _Csrf(unused)
    check.process_request(request)
    check.process_view(request, unused, (), {})
