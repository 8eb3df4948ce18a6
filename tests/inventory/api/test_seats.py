"""Numbered seats: where they are, for good; how they stand, for a second; and a poll without change costs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Channel, Show
from inventory.services.locks import commit_lock
from inventory.services.manifests import add_places
from tests.houses import MANAGER, make_show, rows, seat
from tests.inventory.api.shop import Answer, Shop

pytestmark = pytest.mark.django_db(transaction=True)
STATES = "shows/hamlet/seat-states"


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 3))


def test_geometry_is_kept_for_good_under_the_address_of_its_manifest(
    show: Show, visitor: Shop, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        answer = visitor.get("shows/hamlet/seats?v=1")

    seats = answer.json()
    ids = sorted(show.places.values_list("pk", flat=True))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert seats == {
        "manifest_version": 1,
        "sections": [{"code": "stalls", "name": "Stalls", "is_ga": False}],
        "tiers": [{"code": "gold", "name": "Gold", "colour": ""}],
        "id_steps": [ids[0], *[1] * 5],
        "section": [0] * 6,
        "tier": [0] * 6,
        "row": ["A"] * 3 + ["B"] * 3,
        "number": ["1", "2", "3"] * 2,
        "x": [None] * 6,
        "y": [None] * 6,
        "flags": [0] * 6,
    }


@pytest.mark.parametrize("version", ["", "?v=", "?v=0", "?v=2", "?v=one", "?v=%00", f"?v={10**30}"])
def test_another_manifests_address_leads_to_the_one_that_holds_now(version: str, show: Show, visitor: Shop) -> None:
    answer = visitor.get(f"shows/hamlet/seats{version}")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/v1/shows/hamlet/seats?v=1")
    assert answer.headers["Cache-Control"] == "max-age=1"


def test_a_letter_for_each_seat_says_how_it_stands(show: Show, visitor: Shop, partner: Shop, cashier: Shop) -> None:
    a1, a2, b3 = seat(show, "A-1"), seat(show, "A-2"), seat(show, "B-3")
    partner.lock(show, a1)
    lock = cashier.lock(show, a2, b3)
    commit_lock(claim_id=show.claims.latest("id").pk, by=MANAGER)

    public, staff = visitor.get(STATES).json(), cashier.get(f"{STATES}?view=staff").json()

    assert lock.status_code == 201
    assert (public["letters"], staff["letters"]) == ("lxooox", "lsooos")
    assert public["manifest_version"] == 1


def test_a_reader_who_comes_back_gets_only_what_changed(show: Show, visitor: Shop, partner: Shop) -> None:
    before = visitor.get(STATES).json()
    partner.lock(show, seat(show, "B-2"))

    after = visitor.get(f"{STATES}?since={before['version']}")

    assert after.json() == {
        "version": after.headers["ETag"].strip('"'), "manifest_version": 1, "changes": {"4": "l"},
    }  # fmt: skip
    assert after.json()["version"] != before["version"]


def test_a_poll_without_change_is_a_few_bytes(show: Show, visitor: Shop, django_assert_num_queries: Any) -> None:
    version = visitor.get(STATES).json()["version"]
    visitor.get(f"{STATES}?since={version}")

    with django_assert_num_queries(2):
        by_address = visitor.get(f"{STATES}?since={version}")
    by_header = visitor.get(STATES, if_none_match=f'"{version}"')
    by_both = visitor.get(f"{STATES}?since={version}", if_none_match=f'"{version}"')

    assert [answer.status_code for answer in (by_address, by_header, by_both)] == [204, 304, 304]
    assert [_raw_bytes(answer) < 300 for answer in (by_address, by_header, by_both)] == [True] * 3
    assert by_both.headers["Cache-Control"] == "max-age=1"
    assert by_both.headers["ETag"] == f'"{version}"'


def _raw_bytes(answer: Answer) -> int:
    """As it goes over the wire: the status line, the headers, and Date and Server, which the server adds."""
    head = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in answer.headers.items()
    )
    added = "server: granian\r\ndate: Wed, 25 Nov 2026 18:00:00 GMT\r\n\r\n"
    return len(head + added) + len(answer.content)


def test_whoever_comes_back_by_header_alone_gets_the_whole_picture_when_it_changed(
    show: Show, visitor: Shop, partner: Shop
) -> None:
    version = visitor.get(STATES).json()["version"]
    partner.lock(show, seat(show, "A-3"))

    answer = visitor.get(STATES, if_none_match=f'"{version}"')

    assert (answer.status_code, answer.json()["letters"]) == (200, "oolooo")


@pytest.mark.parametrize("since", ["", "nonsense", "0-0-000000000000", "%00", "f" * 3000])
def test_a_version_that_serves_no_difference_gets_the_whole_picture(since: str, show: Show, visitor: Shop) -> None:
    answer = visitor.get(f"{STATES}?since={since}", if_none_match=f'"{since[:100]}"')

    assert (answer.status_code, answer.json()["letters"]) == (200, "oooooo")


def test_a_public_version_tells_staff_nothing_less_and_the_other_way_round(
    show: Show, visitor: Shop, cashier: Shop
) -> None:
    public, staff = visitor.get(STATES).json(), cashier.get(f"{STATES}?view=staff").json()

    assert "letters" in cashier.get(f"{STATES}?view=staff&since={public['version']}").json()
    assert "letters" in visitor.get(f"{STATES}?since={staff['version']}").json()


def test_another_manifest_changes_the_version(show: Show, visitor: Shop, web: Channel) -> None:
    before = visitor.get(STATES).json()
    add_places(show_id=show.pk, house=rows("C", 1), by=MANAGER)

    after = visitor.get(f"{STATES}?since={before['version']}").json()

    assert (after["manifest_version"], after["letters"]) == (2, "ooooooo")
