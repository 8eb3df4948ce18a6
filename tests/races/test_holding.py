"""The hold page against the web: a hold never takes a seat that is being sold, and says which it was."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from inventory.acts import By, Seats
from inventory.models import Channel, Hold, ReleaseStep
from inventory.queries.verify import verify
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock
from tests.houses import make_show, rows, seat, statuses
from tests.inventory.admin import pages
from tests.people import log_in
from tests.races.together import naive_stock, refused, run, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, BUYERS = 8, 3


def named(said: str) -> set[str]:
    """The seats of row A that a refusal names: `Stalls A 2-3: sold on Web` are two."""
    found: set[str] = set()
    for stretches in re.findall(r"Stalls A ([\d, -]+):", said.partition("Not open, so nothing was held:")[2]):
        for stretch in stretches.split(", "):
            first, _, last = stretch.partition("-")
            found |= {f"A {number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_a_hold_saved_while_the_web_sells_takes_no_sold_seat_and_says_which(web: Channel) -> None:
    """Whoever is first: the hold has the row and its ladder, or it has nothing and names what stood in its way."""
    User.objects.create_superuser("manager")
    for round_ in range(ROUNDS):
        show = make_show(rows("A", 4), slug=f"round-{round_}")
        ids = [seat(show, f"A-{n}").pk for n in range(1, 5)]
        manager = Client()
        log_in(manager, User.objects.get())
        address = reverse("admin:inventory_show_hold", args=[show.pk])
        sent = {
            "how": "map",
            "places": " ".join(map(str, ids)),
            "purpose": "sponsor",
            "party": "Chai Co",
            "steps-TOTAL_FORMS": "1",
            "steps-INITIAL_FORMS": "1",
            "steps-0-unit": "percent",
            "steps-0-at": "2099-01-01T10:00",
            "steps-0-much": "50",
        }

        def act(
            number: int,
            show_id: int = show.pk,
            ids: list[int] = ids,
            manager: Client = manager,
            address: str = address,
            sent: dict[str, str] = sent,
        ) -> Any:
            if number == 0:
                return manager.post(address, sent)
            buyer = By(actor=f"session:{number}")
            lock = lock_places(show_id=show_id, channel_id=web.pk, wanted=Seats([ids[number]]), by=buyer)
            return commit_lock(claim_id=lock.claim_id, reference=f"HF-{number}", by=buyer)

        response, *sales = together(1 + BUYERS, act)

        assert not isinstance(response, Exception)
        if response.status_code == 302:
            assert statuses(show) == {"held": 4}
            assert refused(sales) == ["PlacesTaken"] * BUYERS
            assert ReleaseStep.objects.filter(show=show).count() == 1
        else:
            sold = {f"A {number + 1}" for number, sale in enumerate(sales, start=1) if sale in succeeded(sales)}
            assert statuses(show) == {"sold": len(sold), "open": 4 - len(sold)}
            said = pages.words(response)
            assert named(said) and named(said) <= sold
            assert not Hold.objects.filter(claim__show=show).exists()
            assert not ReleaseStep.objects.filter(show=show).exists()
        assert verify(show).is_sound


def test_control_a_hold_that_looks_and_then_takes_has_a_seat_that_was_sold_meanwhile(transactional_db: None) -> None:
    looked, sold = threading.Event(), threading.Event()

    def act(number: int) -> bool:
        if number:
            looked.wait()
            run("UPDATE naive_place SET owner = 'sold' WHERE id = 2")
            sold.set()
            return True
        is_open = all(owner is None for (owner,) in run("SELECT owner FROM naive_place"))
        looked.set()
        sold.wait()
        if is_open:
            run("UPDATE naive_place SET owner = 'sponsor'")
        return is_open

    with naive_stock(4):
        assert together(2, act) == [True, True]
        assert run("SELECT DISTINCT owner FROM naive_place") == [("sponsor",)]
