"""The same request twice at the same moment, over HTTP: one lock, and both get its answer."""

from __future__ import annotations

import pytest

from core.models import KeptAnswer
from inventory.models import Channel, Claim
from inventory.queries.verify import verify
from tests.houses import make_show, rows, seat, standing, statuses
from tests.inventory.api.shop import Answer, Shop
from tests.races.together import succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12
TWICE = 4
BUYER = "b" * 32


def _browser() -> Shop:
    shop = Shop()
    shop.client.cookies["hf_buyer"] = BUYER
    return shop


def test_the_same_request_many_times_at_once_locks_once(web: Channel) -> None:
    show = make_show(standing(100), cap_per_session=100, cap_per_address=100)

    for round_ in range(ROUNDS):

        def ask(_: int, key: str = f"round-{round_}") -> Answer:
            return _browser().lock(show, best={"quantity": 2, "tiers": ["general"]}, key=key)

        answers = succeeded(together(TWICE, ask))

        assert [answer.status_code for answer in answers] == [201] * TWICE
        assert len({answer.content for answer in answers}) == 1
        assert [answer.headers.get("Idempotent-Replayed") for answer in answers].count(None) == 1
        assert statuses(show)["locked"] == 2 * (round_ + 1)
    assert (Claim.objects.count(), KeptAnswer.objects.count()) == (ROUNDS, ROUNDS)
    assert verify(show).is_sound


def test_control_without_its_key_the_same_request_locks_as_often_as_it_is_sent(web: Channel) -> None:
    show = make_show(standing(100), cap_per_session=100, cap_per_address=100)

    answers = succeeded(
        together(TWICE, lambda _: _browser().lock(show, best={"quantity": 2, "tiers": ["general"]}))  # a new key each
    )

    assert [answer.status_code for answer in answers] == [201] * TWICE
    assert statuses(show) == {"locked": 2 * TWICE, "open": 100 - 2 * TWICE}


def test_whoever_lost_its_seats_to_its_own_twin_is_given_the_twins_answer(web: Channel) -> None:
    for round_ in range(ROUNDS):
        show = make_show(rows("A", 4), slug=f"round-{round_}")
        wanted = [seat(show, "A-1"), seat(show, "A-2")]

        def ask(_: int, slug: str = show.slug, ids: list[int] = [place.pk for place in wanted]) -> Answer:  # noqa: B006
            return _browser().lock(slug, *ids, key=f"seats of {slug}".replace(" ", "-"))

        answers = succeeded(together(TWICE, ask))

        assert [answer.status_code for answer in answers] == [201] * TWICE
        assert len({answer.content for answer in answers}) == 1
        assert statuses(show) == {"locked": 2, "open": 2}


def test_control_without_the_key_whoever_asks_twice_is_told_that_their_own_seats_are_taken(web: Channel) -> None:
    show = make_show(rows("A", 4))
    wanted = [seat(show, "A-1").pk, seat(show, "A-2").pk]

    answers = succeeded(together(TWICE, lambda _: _browser().lock(show, *wanted)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (TWICE - 1)


def test_an_extension_sent_many_times_at_once_is_one(web: Channel) -> None:
    show = make_show(standing(4), lock_for_s=60, lock_cap_s=600)
    path = f"locks/{_browser().lock(show, best={'quantity': 2, 'tiers': ['general']}).json()['id']}/extension"

    answers = succeeded(together(TWICE, lambda _: _browser().post(path, {"lock_for_s": 300}, key="longer")))

    assert [answer.status_code for answer in answers] == [200] * TWICE
    assert [answer.json() for answer in answers] == [answers[0].json()] * TWICE
    assert Claim.objects.get().movements.filter(verb="extend_lock").count() == 1
