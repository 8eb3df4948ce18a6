"""The second step of a login: a code from one's phone, for whoever may give money or held places back.

Phones and recovery codes are django-otp's devices: time-based codes (RFC 6238), each good once, and a pause after each
wrong one that doubles. Who needs them is `SECOND_FACTOR_FOR` in the settings: whoever has one of those permissions.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
OFFERED_FOR = timedelta(minutes=10)
PHONE, RECOVERY = "phone", "recovery codes"


def is_needed(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person logs in with a code besides the password."""
    return isinstance(user, User) and any(user.has_perm(permission) for permission in settings.SECOND_FACTOR_FOR)


def is_passed(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person gave the code, or needs none. The user must be a request's: django-otp looks at those."""
    is_verified: Callable[[], bool] = getattr(user, "is_verified", lambda: False)
    return not is_needed(user) or is_verified()


def phone_of(user: User) -> TOTPDevice | None:
    """The phone whose codes are taken; None before there is one."""
    phone: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").last()
    return phone


def offered_phone(user: User, pk: int | None = None) -> TOTPDevice:
    """A key for a phone to be set up with: the one offered as `pk` while it is fresh, else another.

    Whoever asks remembers `pk` for that session alone: a key that two sessions saw would be two phones.
    """
    fresh = timezone.now() - OFFERED_FOR
    with transaction.atomic():
        waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
        waiting.filter(created_at__lt=fresh).delete()
        offered: TOTPDevice | None = waiting.filter(pk=pk).first() if pk else None
        return offered or TOTPDevice.objects.create(user=user, name=PHONE, confirmed=False)


def spoken_key(phone: TOTPDevice) -> str:
    """The key as it is typed into an app by hand: capitals and digits, in groups of four."""
    key = b32encode(phone.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def take_phone(user: User) -> str:
    """Take a phone from now on without a look at its codes, where both ends are ours: its key, in base32."""
    phone = TOTPDevice.objects.create(user=user, name=PHONE)
    return b32encode(phone.bin_key).decode()


def confirm(phone: TOTPDevice, code: str) -> tuple[list[str], str]:
    """Take this phone from now on, in the place of any other, if the code is its own: new recovery codes.

    Otherwise why not, in words, beside no codes.
    """
    with transaction.atomic():
        phone = TOTPDevice.objects.select_for_update().get(pk=phone.pk)
        if refused := _why_not(phone, code):
            return [], refused
        TOTPDevice.objects.filter(user=phone.user).exclude(pk=phone.pk).delete()
        phone.confirmed = True
        phone.save(update_fields=["confirmed"])
        return new_recovery_codes(phone.user), ""


def check(user: User, code: str) -> tuple[Device | None, str]:
    """The device this code is of; or None, and why not, in words. A recovery code is good once."""
    code = "".join(code.split()).replace("-", "").lower()
    kind = TOTPDevice if code.isdecimal() else StaticDevice
    # The count of wrong codes must stay, so a wrong one is told of by value and not by an exception.
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk")
        device: Device | None = devices.last()
        if device is None:
            return None, "That is not a code of six digits, nor a recovery code of yours."
        refused = _why_not(device, code)
        return (None, refused) if refused else (device, "")


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Fresh codes for a day without the phone, each good once; those of before are good no more."""
    device, _ = StaticDevice.objects.get_or_create(user=user, name=RECOVERY)
    device.token_set.all().delete()
    codes = sorted(StaticToken.random_token() for _ in range(RECOVERY_CODES))
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left


@transaction.atomic
def forget(user: User) -> bool:
    """Take the phone and the recovery codes away, so that the next login sets up anew; whether there was a phone."""
    had: bool = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return had


def _why_not(device: Device, code: str) -> str:
    allowed, about = device.verify_is_allowed()
    if not allowed:
        return _paused(about)
    return "" if device.verify_token(code) else "That code is not right. Wait for the next one, and type that."


def _paused(about: dict[str, Any]) -> str:
    until = about.get("locked_until")
    seconds = max(1, round((until - timezone.now()).total_seconds())) if until else 1
    return f"A wrong code was given {about.get('failure_count', 1)} times. Try again in {seconds} s."
