"""A write that is sent twice is done once, and both get the same answer."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import KeptAnswer
from inventory.models import Channel, Claim, Movement
from inventory.services.keys import make_key
from tests.houses import make_show, rows, seat, standing, statuses
from tests.inventory.api.shop import Shop, said

pytestmark = pytest.mark.django_db(transaction=True)
TWO = {"quantity": 2, "tiers": ["general"]}
UUID = "6c1d0f6e-5d8a-4c8a-9d5f-0d7a9f1a2b3c"


def test_a_repeat_gets_the_same_answer_and_locks_nothing_more(visitor: Shop) -> None:
    show = make_show(standing(9))

    first = visitor.lock(show, best=TWO, key="k1")
    again = visitor.lock(show, best=TWO, key="k1")

    assert (again.status_code, again.json(), again.headers["Location"]) == (
        201,
        first.json(),
        first.headers["Location"],
    )
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert statuses(show) == {"locked": 2, "open": 7}


def test_a_repeat_gets_the_same_answer_even_after_everything_changed(visitor: Shop) -> None:
    show = make_show(standing(9))
    first = visitor.lock(show, best=TWO, key="k1")
    visitor.delete(f"locks/{first.json()['id']}")
    show.state = "closed"
    show.save()

    again = visitor.lock(show, best=TWO, key="k1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert statuses(show) == {"open": 9}


def test_the_same_body_spelled_otherwise_is_the_same_request(visitor: Shop) -> None:
    show = make_show(standing(9))
    one = b'{"best": {"quantity": 2, "tiers": ["general"]}}'
    other = b'{"best":{"tiers":["general"],\n"quantity":2}}'

    first = visitor.post(f"shows/{show.slug}/locks", raw=one, key="k1")
    again = visitor.post(f"shows/{show.slug}/locks", raw=other, key="k1")

    assert (again.status_code, again.json()) == (201, first.json())


def test_another_request_under_the_same_key_is_refused(visitor: Shop) -> None:
    show, other = make_show(standing(9)), make_show(standing(9), slug="lear")
    made = visitor.lock(show, best=TWO, key="k1").json()

    refused = [
        visitor.lock(show, best={"quantity": 3, "tiers": ["general"]}, key="k1"),
        visitor.lock(other, best=TWO, key="k1"),
        visitor.post(f"locks/{made['id']}/extension", {}, key="k1"),
        visitor.delete(f"locks/{made['id']}", key="k1"),
    ]

    assert [said(answer) for answer in refused] == [(422, "idempotency_key_reused")] * 4
    assert (statuses(show), statuses(other)) == ({"locked": 2, "open": 7}, {"open": 9})


def test_the_same_key_in_other_hands_is_another_key(visitor: Shop, partner: Shop, cashier: Shop) -> None:
    show = make_show(standing(9))
    visitor.lock(show, best=TWO, key="k1")
    channel = Channel.objects.get(code="agency")
    another = Shop(bearer=make_key(channel_id=channel.pk, name="another of theirs")[1])

    answers = [shop.lock(show, best={**TWO, "quantity": 1}, key="k1") for shop in (partner, another, cashier)]

    assert [answer.status_code for answer in answers] == [201] * 3
    assert statuses(show) == {"locked": 5, "open": 4}


def test_a_refusal_is_kept_too(visitor: Shop) -> None:
    show = make_show(rows("A", 3))
    taken = seat(show, "A-1")
    other = Shop(address="203.0.113.8")
    lock = other.lock(show, taken).json()
    visitor.lock(show, seat(show, "A-3"))

    first = visitor.lock(show, taken, key="k1")
    other.delete(f"locks/{lock['id']}")
    again = visitor.lock(show, taken, key="k1")

    assert said(first) == (409, "places_taken")
    assert (again.status_code, again.json()) == (409, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert statuses(show) == {"locked": 1, "open": 2}


def test_an_unknown_show_is_a_refusal_that_is_kept(visitor: Shop) -> None:
    visitor.lock("nowhere", best=TWO)

    first = visitor.lock("nowhere", best=TWO, key="k1")
    make_show(standing(9), slug="nowhere")

    assert said(first) == said(visitor.lock("nowhere", best=TWO, key="k1")) == (404, "show_unknown")


def test_what_could_not_be_read_is_not_kept(visitor: Shop) -> None:
    show = make_show(standing(9))
    path = f"shows/{show.slug}/locks"

    assert said(visitor.post(path, {"best": {}}, key="k1")) == (400, "input_invalid")
    assert said(visitor.post(path, raw=b"{", key="k1")) == (400, "input_invalid")
    assert KeptAnswer.objects.count() == 0
    assert visitor.lock(show, best=TWO, key="k1").status_code == 201


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("with space", "idempotency_key_invalid"),
        ("x" * 201, "idempotency_key_invalid"),
        ("caf\xe9", "idempotency_key_invalid"),
        ("a\x00b", "idempotency_key_invalid"),
    ],
)
def test_a_write_without_a_proper_key_is_refused(visitor: Shop, key: str | None, code: str) -> None:
    show = make_show(standing(9))
    made = visitor.lock(show, best=TWO).json()

    refused = [
        visitor.lock(show, best=TWO, key=key),
        visitor.post(f"locks/{made['id']}/extension", {}, key=key),
        visitor.delete(f"locks/{made['id']}", key=key),
    ]

    assert [said(answer) for answer in refused] == [(400, code)] * 3
    assert statuses(show) == {"locked": 2, "open": 7}


def test_an_extension_and_a_release_are_repeated_word_for_word(visitor: Shop) -> None:
    show = make_show(standing(9), lock_for_s=60)
    path = f"locks/{visitor.lock(show, best=TWO).json()['id']}"

    longer = [visitor.post(f"{path}/extension", {"lock_for_s": 600}, key="longer") for _ in range(2)]
    released = [visitor.delete(path, key="release") for _ in range(2)]

    assert [answer.status_code for answer in (*longer, *released)] == [200, 200, 204, 204]
    assert longer[0].json() == longer[1].json()
    assert [answer.headers.get("Idempotent-Replayed") for answer in (*longer, *released)] == [None, "true"] * 2
    assert Movement.objects.filter(verb="extend_lock").count() == 1


def test_a_refused_extension_is_kept_and_its_work_is_not(visitor: Shop) -> None:
    show = make_show(standing(9), lock_for_s=60)
    made = visitor.lock(show, best=TWO).json()
    Claim.objects.update(phase="paying")

    first = visitor.post(f"locks/{made['id']}/extension", {}, key="longer")
    Claim.objects.update(phase="browsing")
    again = visitor.post(f"locks/{made['id']}/extension", {}, key="longer")

    assert said(first) == said(again) == (409, "lock_is_paying")
    assert Movement.objects.filter(verb="extend_lock").count() == 0


def test_a_bug_keeps_no_answer(visitor: Shop, monkeypatch: Any) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("a bug")

    show = make_show(standing(9))
    made = visitor.lock(show, best=TWO).json()
    with monkeypatch.context() as patched:
        patched.setattr("inventory.api.locks.release_lock", broken)
        assert said(visitor.delete(f"locks/{made['id']}", key="k1")) == (500, "internal_error")

    assert visitor.delete(f"locks/{made['id']}", key="k1").status_code == 204


def test_a_visitor_whose_first_answer_was_lost_asks_again_and_is_known() -> None:
    show = make_show(standing(9))

    lost = Shop().lock(show, best=TWO, key=UUID)
    asking_again = Shop()
    again = asking_again.lock(show, best=TWO, key=UUID)

    assert (again.status_code, again.json()) == (201, lost.json())
    assert again.cookies["hf_buyer"].value == lost.cookies["hf_buyer"].value
    assert asking_again.get(f"locks/{again.json()['id']}").status_code == 200
    assert statuses(show) == {"locked": 2, "open": 7}


def test_strangers_with_the_same_key_are_strangers() -> None:
    """A short key may be anybody's; a long one, from another address, is somebody else's."""
    show = make_show(standing(9))

    answers = [
        Shop().lock(show, best=TWO, key="1"),
        Shop().lock(show, best=TWO, key="1"),
        Shop(address="203.0.113.8").lock(show, best=TWO, key=UUID),
        Shop(address="203.0.113.9").lock(show, best=TWO, key=UUID),
    ]

    assert len({answer.json()["id"] for answer in answers}) == 4
    assert len({answer.cookies["hf_buyer"].value for answer in answers}) == 4
