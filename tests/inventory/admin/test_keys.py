"""API keys in the admin: shown once, kept as a digest, revoked for good."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import ApiKey, Channel
from inventory.services.keys import make_key
from tests.inventory.admin import pages

WHY = {"note": "The shop has closed"}


def revoking(key: ApiKey) -> str:
    return reverse("admin:inventory_apikey_revoke", args=[key.pk])


def test_a_key_is_shown_once_and_kept_as_a_digest(manager: Client, web: Channel) -> None:
    response = manager.post(pages.adding(ApiKey), {"channel": web.pk, "name": "Shop front"} | WHY)

    shown = re.findall(r"hf_[A-Za-z0-9_-]{43}", response.content.decode())
    assert len(shown) == 1
    key = ApiKey.objects.get()
    assert (key.name, key.channel, key.revoked_at) == ("Shop front", web, None)
    assert (key.prefix, key.digest) == (shown[0][:10], sha256(shown[0].encode()).hexdigest())
    assert "no-store" in response["Cache-Control"]
    for address in (pages.listing(ApiKey), pages.of(key), revoking(key)):
        assert shown[0] not in manager.get(address).content.decode()
    assert [row for session in Session.objects.all() for row in session.get_decoded().values() if row == shown[0]] == []


def test_two_keys_of_one_name_are_two_keys(manager: Client, web: Channel) -> None:
    for _ in range(2):
        manager.post(pages.adding(ApiKey), {"channel": web.pk, "name": "Shop front"} | WHY)

    assert ApiKey.objects.values("digest").distinct().count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"channel": "", "name": "Shop"}, "This field is required"),
        ({"channel": "999", "name": "Shop"}, "Select a valid choice"),
        ({"channel": "web", "name": " "}, "This field is required"),
        ({"channel": "web", "name": "x" * 61}, "at most 60 characters"),
    ],
)
def test_a_key_without_a_channel_or_a_name_is_refused_in_the_form(
    manager: Client, web: Channel, sent: dict[str, str], said: str
) -> None:
    sent = sent | ({"channel": str(web.pk)} if sent["channel"] == "web" else {})

    response = manager.post(pages.adding(ApiKey), sent)

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert not ApiKey.objects.exists()


def test_the_list_says_how_a_key_begins_whose_it_is_and_whether_it_is_good(manager: Client, web: Channel) -> None:
    key, _ = make_key(channel_id=web.pk, name="Shop front")

    assert f"Shop front Web {key.prefix}… good" in pages.words(manager.get(pages.listing(ApiKey)))


def test_a_key_is_revoked_after_a_question_and_twice_is_once(manager: Client, web: Channel) -> None:
    key, _ = make_key(channel_id=web.pk, name="Shop front")

    question = pages.words(manager.get(revoking(key)))
    assert "Whoever uses it can no longer sell on Web" in question
    key.refresh_from_db()
    assert key.revoked_at is None

    assert "This field is required." in pages.words(manager.post(revoking(key), {"note": ""}))
    first = manager.post(revoking(key), WHY, follow=True)
    key.refresh_from_db()
    revoked_at = key.revoked_at
    second = manager.post(revoking(key), WHY, follow=True)
    key.refresh_from_db()

    assert revoked_at is not None
    assert key.revoked_at == revoked_at
    assert "Revoked: Shop front" in pages.words(first)
    assert "was revoked already" in pages.words(second)
    assert LogEntry.objects.get().change_message == "Revoked: The shop has closed"
    assert revoking(key) not in second.content.decode()


def test_a_key_is_never_edited_or_deleted_superusers_included(manager: Client, web: Channel) -> None:
    key, _ = make_key(channel_id=web.pk, name="Shop front")

    assert manager.get(pages.of(key)).status_code == 200
    assert manager.post(pages.of(key), {"name": "Mine"}).status_code == 403
    assert manager.post(pages.of(key, "delete"), {"post": "yes", "note": "Not needed."}).status_code == 403
    assert ApiKey.objects.get().name == "Shop front"


@pytest.mark.parametrize("codename", ["", "add_apikey", "change_apikey"])
def test_making_and_revoking_ask_for_permissions_of_their_own(auditor: Client, web: Channel, codename: str) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))
    key, _ = make_key(channel_id=web.pk, name="Shop front")

    assert auditor.get(pages.listing(ApiKey)).status_code == 200
    may_make, may_revoke = codename == "add_apikey", codename == "change_apikey"
    assert auditor.get(pages.adding(ApiKey)).status_code == (200 if may_make else 403)
    made = auditor.post(pages.adding(ApiKey), {"channel": web.pk, "name": "Mine"} | WHY)
    assert made.status_code == (200 if may_make else 403)
    assert (revoking(key) in auditor.get(pages.listing(ApiKey)).content.decode()) == may_revoke
    assert auditor.post(revoking(key), WHY).status_code == (302 if may_revoke else 403)
    key.refresh_from_db()
    assert (key.revoked_at is not None, ApiKey.objects.count()) == (may_revoke, 2 if may_make else 1)


def test_who_is_not_logged_in_makes_no_key(transactional_db: None, client: Client, web: Channel) -> None:
    assert client.post(pages.adding(ApiKey), {"channel": web.pk, "name": "Mine"} | WHY).status_code == 302
    assert not ApiKey.objects.exists()


def test_a_key_that_is_not_there_is_not_found(manager: Client) -> None:
    assert manager.post("/admin/inventory/apikey/999/revoke/").status_code == 404


def test_three_keys_take_as_many_queries_as_one(manager: Client, web: Channel) -> None:
    counts = []
    for nth in range(3):
        make_key(channel_id=web.pk, name=f"Till {nth}")
        manager.get(pages.listing(ApiKey))
        with CaptureQueriesContext(connection) as queries:
            manager.get(pages.listing(ApiKey))
        counts.append(len(queries))

    assert counts[0] == counts[2]
