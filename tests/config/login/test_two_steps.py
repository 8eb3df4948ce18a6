"""Who may refund or break holds logs in with a code from a phone besides the password."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import second_factor
from ticketing.sandbox.staff_codes import code_at

PASSWORD = "a long one for tests"
Login = Callable[[str], User]


@pytest.fixture
def person(transactional_db: None) -> Login:
    def make(role: str) -> User:
        user = User.objects.create_user("asha", password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def manager(person: Login) -> User:
    return person("Box-office manager")


@pytest.fixture
def key(manager: User) -> str:
    """The key in the manager's phone."""
    return second_factor.take_phone(User.objects.get())


def give_password(client: Client, then: str = "/admin/") -> str:
    """Where the right password leads."""
    answer = client.post(f"/admin/login/?next={then}", {"username": "asha", "password": PASSWORD, "next": then})
    assert answer.status_code == 302
    return answer["Location"]


def give_code(client: Client, code: str, at: str = "/admin/login/code/") -> str:
    """Where the code leads, or what is said against it."""
    answer = client.post(at, {"code": code})
    if answer.status_code == 302:
        return answer["Location"]
    found = re.search(r"(That [^<]*\.|A wrong code [^<]*\.)", answer.content.decode())
    return found[1] if found else ""


def now_code(key: str, steps: int = 0) -> str:
    return code_at(key, timezone.now().timestamp() + 30 * steps)


def shown_key(page: str) -> str:
    found = re.search(r'login-key">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def offered_key(client: Client) -> str:
    """The key on the page that sets a phone up."""
    return shown_key(client.get("/admin/login/phone/").content.decode())


def is_in(client: Client) -> bool:
    return client.get("/admin/inventory/show/").status_code == 200


@pytest.mark.parametrize("role", ["Box-office assistant", "Counter staff", "Gate staff", "Auditor"])
def test_whoever_moves_no_money_back_is_in_by_the_password(person: Login, client: Client, role: str) -> None:
    person(role)

    assert give_password(client) == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize("role", ["Box-office manager", "Finance"])
def test_whoever_may_refund_sets_up_a_phone_first(person: Login, client: Client, role: str) -> None:
    person(role)

    assert give_password(client, "/admin/inventory/show/") == "/admin/login/code/"
    assert client.get("/admin/login/code/")["Location"] == "/admin/login/phone/"
    page = client.get("/admin/login/phone/").content.decode()
    assert not is_in(client)

    done = client.post("/admin/login/phone/", {"code": now_code(shown_key(page))})
    codes = re.findall(r"<li><code>(\w+)</code>", done.content.decode())
    assert (len(codes), "/admin/inventory/show/" in done.content.decode(), is_in(client)) == (10, True, True)


def test_the_phone_offered_is_the_same_until_it_is_taken(manager: User, client: Client) -> None:
    give_password(client)
    client.get("/admin/login/phone/")
    client.get("/admin/login/phone/")

    assert TOTPDevice.objects.count() == 1


def test_the_code_of_the_phone_lets_in_and_leads_where_one_wanted_to_go(key: str, client: Client) -> None:
    give_password(client, "/admin/inventory/show/")

    assert not is_in(client)
    assert give_code(client, now_code(key)) == "/admin/inventory/show/"
    assert is_in(client)


def test_nobody_is_led_to_another_site(key: str, client: Client) -> None:
    give_password(client, "https://elsewhere.example/")

    assert give_code(client, now_code(key)) == "/admin/"


def test_a_wrong_code_lets_nobody_in_and_a_second_try_waits(key: str, client: Client) -> None:
    give_password(client)

    assert give_code(client, "000000") == "That code is not right. Wait for the next one, and type that."
    assert give_code(client, now_code(key)) == "A wrong code was given 1 times. Try again in 1 s."
    assert not is_in(client)


def test_a_code_is_good_once(key: str, client: Client) -> None:
    give_password(client)
    code = now_code(key)
    give_code(client, code)
    other = Client()
    give_password(other)

    assert give_code(other, code) == "That code is not right. Wait for the next one, and type that."
    assert not is_in(other)


def test_a_recovery_code_lets_in_once(manager: User, key: str, client: Client) -> None:
    codes = second_factor.new_recovery_codes(manager)
    give_password(client)
    other = Client()
    give_password(other)

    assert give_code(client, f" {codes[0].upper()} ") == "/admin/"
    assert give_code(other, codes[0]) == "That code is not right. Wait for the next one, and type that."
    assert second_factor.recovery_codes_left(manager) == 9


def test_a_code_without_the_password_is_no_way_in(key: str, client: Client) -> None:
    assert give_code(client, now_code(key)) == "/admin/login/"
    assert not is_in(client)


def test_the_right_password_is_remembered_for_ten_minutes(
    key: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(client)
    session = client.session
    session["owes_a_code"] |= {"at": session["owes_a_code"]["at"] - 601}
    session.save()

    assert give_code(client, now_code(key)) == "/admin/login/"
    assert not is_in(client)


def test_a_password_changed_meanwhile_is_asked_for_again(manager: User, key: str, client: Client) -> None:
    give_password(client)
    manager.set_password("another one for tests")
    manager.save()

    assert give_code(client, now_code(key)) == "/admin/login/"


def test_whoever_becomes_a_manager_while_logged_in_owes_the_code(person: Login, client: Client) -> None:
    user = person("Box-office assistant")
    give_password(client)
    user.groups.add(Group.objects.get(name="Box-office manager"))

    assert not is_in(client)
    assert client.get("/admin/login/?next=/admin/inventory/show/")["Location"] == "/admin/login/code/"
    client.post("/admin/login/phone/", {"code": now_code(offered_key(client))})
    assert is_in(client)


def test_the_api_refuses_whoever_owes_the_code(manager: User, client: Client) -> None:
    client.force_login(manager)  # as somebody is who was logged in before they became a manager

    answer = client.get("/api/v1/shows?view=staff")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_another_phone_takes_the_place_of_the_first(manager: User, key: str, client: Client) -> None:
    give_password(client)
    give_code(client, now_code(key))
    assert client.get("/admin/login/phone/")["Location"] == "/admin/login/steps/"

    assert (
        client.post("/admin/login/steps/", {"code": now_code(key, 1), "phone": ""})["Location"] == "/admin/login/phone/"
    )
    new = offered_key(client)
    client.post("/admin/login/phone/", {"code": now_code(new)})
    assert is_in(client)

    other = Client()
    give_password(other)
    assert give_code(other, now_code(key, 1)).startswith("That code is not right")
    assert client.get("/admin/login/phone/")["Location"] == "/admin/login/steps/"


def test_an_unlocked_desk_alone_changes_neither_phone_nor_codes(manager: User, key: str, client: Client) -> None:
    codes = second_factor.new_recovery_codes(manager)
    give_password(client)
    give_code(client, now_code(key))

    refused = [client.post("/admin/login/steps/", {"code": "000000", what: ""}) for what in ("phone", "codes")]

    assert [answer.status_code for answer in refused] == [200, 200]
    assert client.get("/admin/login/phone/")["Location"] == "/admin/login/steps/"
    assert second_factor.recovery_codes_left(manager) == len(codes)


def test_a_key_that_another_session_saw_is_never_taken(manager: User, client: Client) -> None:
    """Whoever has the password may look at a key and go away; the manager's phone must not become theirs, too."""
    thief = Client()
    give_password(thief)
    seen = offered_key(thief)
    give_password(client)

    taken = offered_key(client)
    client.post("/admin/login/phone/", {"code": now_code(taken)})

    assert is_in(client)
    assert seen != taken
    assert TOTPDevice.objects.get().confirmed  # what the other session was offered is gone


def test_a_key_is_offered_for_ten_minutes(manager: User, client: Client) -> None:
    give_password(client)
    seen = offered_key(client)
    TOTPDevice.objects.update(created_at=timezone.now() - timedelta(minutes=11))

    assert offered_key(client) != seen


def test_new_recovery_codes_end_the_old_ones(manager: User, key: str, client: Client) -> None:
    old = second_factor.new_recovery_codes(manager)
    give_password(client)
    give_code(client, now_code(key))

    page = client.post("/admin/login/steps/", {"code": now_code(key, 1), "codes": ""}).content.decode()

    assert set(re.findall(r"<li><code>(\w+)</code>", page)).isdisjoint(old)
    other = Client()
    give_password(other)
    assert give_code(other, old[0]).startswith("That code is not right")


def test_an_administrator_takes_a_lost_phone_away(manager: User, key: str, client: Client) -> None:
    administrator = User.objects.create_superuser("root", password=PASSWORD)
    root = Client()
    root.post("/admin/login/", {"username": "root", "password": PASSWORD})
    give_code(root, now_code(second_factor.take_phone(administrator)))

    root.post(f"/admin/auth/user/{manager.pk}/forget_phone/", {"note": "Lost on the train."})

    give_password(client)
    assert client.get("/admin/login/code/")["Location"] == "/admin/login/phone/"
    assert LogEntry.objects.get().change_message == "Phone taken away: Lost on the train."


def test_whoever_needs_no_second_step_may_have_one(person: Login, client: Client) -> None:
    person("Counter staff")
    give_password(client)
    key = offered_key(client)
    client.post("/admin/login/phone/", {"code": now_code(key)})
    other = Client()

    assert give_password(other) == "/admin/login/code/"
    assert give_code(other, now_code(key, 1)) == "/admin/"


def test_nobody_sees_the_keys_of_phones(manager: User, key: str, client: Client) -> None:
    give_password(client)
    give_code(client, now_code(key))

    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


@pytest.mark.parametrize(
    "permission",
    ["ticketing.cancel_show", "inventory.add_apikey", "auth.add_user", "auth.change_user", "auth.change_group"],
)
def test_what_leads_to_money_or_to_such_rights_asks_for_a_code_as_well(
    transactional_db: None, client: Client, permission: str
) -> None:
    user = User.objects.create_user("asha", password=PASSWORD, is_staff=True)
    app, codename = permission.split(".")
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))

    assert give_password(client) == "/admin/login/code/"
