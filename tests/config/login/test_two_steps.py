"""Who may refund or break holds logs in with a code from a phone besides the password."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
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


def is_in(client: Client) -> bool:
    return client.get("/admin/inventory/show/").status_code == 200


@pytest.mark.parametrize("role", ["Box-office assistant", "Counter staff", "Gate staff", "Auditor"])
def test_whoever_moves_no_money_back_is_in_by_the_password(person: Login, client: Client, role: str) -> None:
    person(role)

    assert give_password(client) == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize("role", ["Box-office manager", "Finance"])
def test_whoever_may_refund_sets_up_a_phone_first(person: Login, client: Client, role: str) -> None:
    user = person(role)

    assert give_password(client, "/admin/inventory/show/") == "/admin/login/code/"
    assert client.get("/admin/login/code/")["Location"] == "/admin/login/phone/"
    page = client.get("/admin/login/phone/").content.decode()
    assert not is_in(client)

    spoken = second_factor.spoken_key(second_factor.offered_phone(user))
    assert spoken in page
    done = client.post("/admin/login/phone/", {"code": now_code(spoken.replace(" ", ""))})
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
    spoken = second_factor.spoken_key(second_factor.offered_phone(user)).replace(" ", "")
    client.post("/admin/login/phone/", {"code": now_code(spoken)})
    assert is_in(client)


def test_the_api_refuses_whoever_owes_the_code(manager: User, client: Client) -> None:
    client.force_login(manager)  # as somebody is who was logged in before they became a manager

    answer = client.get("/api/v1/shows?view=staff")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_another_phone_takes_the_place_of_the_first(manager: User, key: str, client: Client) -> None:
    give_password(client)
    give_code(client, now_code(key))

    new = second_factor.spoken_key(second_factor.offered_phone(manager)).replace(" ", "")
    assert give_code(client, "123456", "/admin/login/phone/").startswith("That code is not right")
    TOTPDevice.objects.filter(confirmed=False).update(throttling_failure_count=0)
    client.post("/admin/login/phone/", {"code": now_code(new)})
    assert is_in(client)

    other = Client()
    give_password(other)
    assert give_code(other, now_code(key, 1)).startswith("That code is not right")


def test_new_recovery_codes_end_the_old_ones(manager: User, key: str, client: Client) -> None:
    old = second_factor.new_recovery_codes(manager)
    give_password(client)
    give_code(client, now_code(key))

    page = client.post("/admin/login/steps/").content.decode()

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
    user = person("Counter staff")
    give_password(client)
    key = second_factor.spoken_key(second_factor.offered_phone(user)).replace(" ", "")
    client.post("/admin/login/phone/", {"code": now_code(key)})
    other = Client()

    assert give_password(other) == "/admin/login/code/"
    assert give_code(other, now_code(key, 1)) == "/admin/"


def test_nobody_sees_the_keys_of_phones(manager: User, key: str, client: Client) -> None:
    give_password(client)
    give_code(client, now_code(key))

    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
