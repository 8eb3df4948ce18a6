"""Failed logins are counted, and after six of them a name waits a quarter of an hour at that address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.people import log_in

PASSWORD = "a long one for tests"
TOLD = "Too many failed logins under this name from here. Wait 15 minutes"


@pytest.fixture
def cashier(transactional_db: None) -> User:
    user = User.objects.create_user("asha", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Counter staff"))
    return user


def fail(times: int, name: str = "asha", address: str = "203.0.113.7") -> list[int]:
    client = Client(REMOTE_ADDR=address)
    return [client.post("/admin/login/", {"username": name, "password": "wrong"}).status_code for _ in range(times)]


def succeeds(address: str = "203.0.113.7") -> bool:
    client = Client(REMOTE_ADDR=address)
    client.post("/admin/login/", {"username": "asha", "password": PASSWORD})
    return client.get("/admin/").status_code == 200


def test_six_wrong_passwords_lock_a_name_out_even_with_the_right_one(cashier: User) -> None:
    assert fail(6) == [200] * 5 + [429]

    answer = Client(REMOTE_ADDR="203.0.113.7").post("/admin/login/", {"username": "asha", "password": PASSWORD})
    assert (answer.status_code, TOLD in answer.content.decode()) == (429, True)


def test_five_do_not_and_a_good_login_clears_the_count(cashier: User) -> None:
    fail(5)

    assert succeeds()
    assert AccessAttempt.objects.count() == 0


def test_a_stranger_elsewhere_locks_nobody_out_of_the_box_office(cashier: User) -> None:
    fail(9, address="198.51.100.66")

    assert succeeds()


def test_a_household_is_one_address(cashier: User) -> None:
    fail(3, address="2001:db8:1:2::1")

    assert fail(3, address="2001:db8:1:2:ffff::9") == [200, 200, 429]


def test_a_name_that_is_not_there_is_locked_out_just_the_same(cashier: User) -> None:
    assert fail(6, name="nobody") == [200] * 5 + [429]


def test_it_ends_after_a_quarter_of_an_hour(cashier: User) -> None:
    fail(6)
    attempt = AccessAttempt.objects.get()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - timedelta(minutes=15, seconds=1))

    assert succeeds()


def test_a_manager_sees_who_is_locked_out_and_lets_them_in_again(cashier: User, client: Client) -> None:
    fail(6)
    boss = User.objects.create_user("boss", is_staff=True)
    boss.groups.add(Group.objects.get(name="Box-office manager"))
    log_in(client, boss)

    listed = client.get("/admin/axes/accessattempt/").content.decode()
    assert ("locked out" in listed, "203.0.113.7" in listed) == (True, True)
    client.post(
        f"/admin/axes/accessattempt/{AccessAttempt.objects.get().pk}/let_in/", {"note": "It was she, at the counter."}
    )

    assert succeeds()


def test_a_name_longer_than_any_is_refused_and_not_kept(transactional_db: None) -> None:
    answer = Client().post("/admin/login/", {"username": "a" * 151, "password": "wrong"})

    assert (answer.status_code, "Nobody&#x27;s name is so long." in answer.content.decode()) == (200, True)
    assert not AccessAttempt.objects.exists()


def test_what_failed_before_a_login_that_went_well_is_still_to_be_read(cashier: User, client: Client) -> None:
    fail(5)
    assert succeeds()
    auditor = User.objects.create_user("auditor", is_staff=True)
    auditor.groups.add(Group.objects.get(name="Auditor"))
    log_in(client, auditor)

    listed = client.get("/admin/axes/accessfailurelog/").content.decode()

    assert (listed.count("203.0.113.7"), AccessAttempt.objects.count()) == (5, 0)
