"""The settings of a deployment behind TLS: Django's own check has nothing to say, cookies and redirects are strict."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

HOST = "tickets.example.com"
LOOK = """
import json, django
django.setup()
from django.core.management import call_command
from django.conf import settings
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
# Nothing was collected here, so pages are rendered without the manifest of a deployment.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
tls, plain = Client(headers={"x-forwarded-proto": "https", "host": HOST}), Client(headers={"host": HOST})

def told(answer):
    cookies = {name: {**morsel} for name, morsel in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}

print(json.dumps({
    "keys": told(tls.get("/api/v1/ticket-keys")),
    "write": told(tls.post("/api/v1/orders", content_type="application/json")),
    "login": told(tls.get("/admin/login/")),
    "plain": told(plain.get("/api/v1/ticket-keys")),
    "elsewhere": told(tls.get("/api/v1/ticket-keys", headers={"host": "evil.example"})),
    "bug": told(tls.get("/health")),
}))
"""


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    """What a process with a deployment's environment answers. Warnings of any kind end it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "0",
        "BEHIND_TLS": "1",
        "ALLOWED_HOSTS": HOST,
        "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
        "PUBLIC_URL": f"https://{HOST}",
        "RAZORPAY_BASE_URL": "https://api.razorpay.com",
        "SANDBOX_PUBLIC_URL": "",
        "RAZORPAY_KEY_ID": "rzp_live_0000000000000",
        "RAZORPAY_KEY_SECRET": secrets.token_urlsafe(18),
        "RAZORPAY_WEBHOOK_SECRETS": secrets.token_urlsafe(30),
        "LOG_LEVEL": "ERROR",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the journeys' own, in this test process
    script = f"HOST = {HOST!r}\n{LOOK}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_djangos_check_for_deployments_has_nothing_to_say(deployed: dict[str, Any]) -> None:
    assert deployed["keys"]["status"] == 200


def test_nothing_is_said_over_plain_http(deployed: dict[str, Any]) -> None:
    assert deployed["plain"]["status"] == 301
    assert deployed["plain"]["headers"]["Location"] == f"https://{HOST}/api/v1/ticket-keys"
    assert deployed["keys"]["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_cookies_go_over_tls_only_and_to_no_other_site(deployed: dict[str, Any]) -> None:
    cookies = deployed["write"]["cookies"] | deployed["login"]["cookies"]

    assert set(cookies) == {"hf_buyer", "csrftoken"}
    assert {name: (bool(cookie["secure"]), cookie["samesite"]) for name, cookie in cookies.items()} == {
        "hf_buyer": (True, "Lax"),
        "csrftoken": (True, "Lax"),
    }
    assert cookies["hf_buyer"]["httponly"]


def test_another_host_is_refused_and_a_page_is_in_nobodys_frame(deployed: dict[str, Any]) -> None:
    assert deployed["elsewhere"]["status"] == 400
    assert deployed["login"]["headers"]["X-Frame-Options"] == "DENY"
    assert deployed["login"]["headers"]["Referrer-Policy"] == "same-origin"
    assert deployed["login"]["headers"]["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_sessions_cookie_is_no_scripts(deployed: dict[str, Any]) -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
