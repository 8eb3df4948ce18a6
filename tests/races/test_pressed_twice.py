"""One form of the desk, pressed twice at once: it gives once."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests.houses import rows, statuses
from tests.inventory.admin import pages
from tests.people import log_in
from tests.races.together import succeeded, together
from tests.ticketing.admin.test_giving import asked
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.admin import once
from ticketing.models import Order

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def test_a_gift_pressed_twice_at_once_is_given_once() -> None:
    user = User.objects.create_superuser("manager")
    clients = [Client(), Client()]
    for client in clients:
        log_in(client, user)
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 8), slug=f"round-{round_}")
        address, sent = pages.of(show, "complimentary"), asked(once=once.token())

        def press(number: int, address: str = address, sent: dict[str, str] = sent) -> int:
            return clients[number].post(address, sent).status_code

        statuses_ = succeeded(together(2, press))

        assert set(statuses_) <= {200, 302} and 302 in statuses_
        assert Order.objects.filter(show=show).count() == 1
        assert statuses(show) == {"sold": 2, "open": 6}
    assert_books_are_true()


def test_control_two_who_look_whether_a_form_has_acted_and_then_act_both_act(transactional_db: None) -> None:
    key, looked = f"control:{uuid4()}", threading.Barrier(2)

    def press(number: int) -> bool:
        has_acted = cache.get(key) is not None
        looked.wait(10)
        cache.set(key, number, 60)
        return not has_acted

    assert together(2, press) == [True, True]
