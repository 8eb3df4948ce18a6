"""The ledger in the admin: everybody who may look sees it as it is, and nobody changes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from inventory.acts import By, Holder, Seats
from inventory.admin import tables
from inventory.models import Allocation, Channel, Claim, Entry, Hold, Movement, Place, Show
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places, unkill_places
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import begin_payment, commit_lock, release_lock
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages
from tests.people import log_in

BUYER = By(actor="session:buyer")
FACTS: list[type[Model]] = [Place, Claim, Movement, Entry]


def lock(show: Show, channel: Channel, *labels: str, **fields: Any) -> Lock:
    wanted = Seats([seat(show, label).pk for label in labels])
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, **fields)


def hold(show: Show, *labels: str, **fields: Any) -> Hold:
    wanted = Seats([seat(show, label).pk for label in labels])
    facts: dict[str, Any] = {"purpose": "sponsor", "party": "Peacock Paints", "by": MANAGER}
    return place_hold(show_id=show.pk, wanted=wanted, **(facts | fields))


def ago(minutes: int) -> Any:
    return timezone.now() - timedelta(minutes=minutes)


def of_place(client: Client, show: Show, query: str = "") -> str:
    return pages.words(client.get(pages.listing(Place, f"?show={show.pk}{query}")))


def labels(client: Client, show: Show, query: str) -> list[str]:
    return [str(place) for place in pages.rows(client.get(pages.listing(Place, f"?show={show.pk}{query}")))]


# Nobody changes a fact ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", FACTS)
def test_even_a_superuser_can_neither_add_nor_change_nor_delete_a_fact(
    manager: Client, web: Channel, model: type[Model]
) -> None:
    show = make_show(rows("A", 3))
    lock(show, web, "A-1")
    row = model._default_manager.latest("pk")
    before = list(model._default_manager.order_by("pk").values())

    refused = [
        manager.get(pages.adding(model)),
        manager.post(pages.adding(model), {"show": show.pk}),
        manager.post(pages.of(row), {"status": "sold", "actor": "nobody"}),
        manager.get(pages.of(row, "delete")),
        manager.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}),
    ]
    manager.post(pages.listing(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert [response.status_code for response in refused] == [403] * 5
    assert before == list(model._default_manager.order_by("pk").values())


@pytest.mark.parametrize("model", FACTS)
def test_who_may_view_facts_looks_at_them(auditor: Client, web: Channel, model: type[Model]) -> None:
    lock(make_show(rows("A", 3)), web, "A-1")
    row = model._default_manager.latest("pk")

    assert auditor.get(pages.listing(model), follow=True).status_code == 200
    assert auditor.get(pages.of(row)).status_code == 200
    assert auditor.post(pages.of(row), {}).status_code == 403


@pytest.mark.parametrize("model", FACTS)
def test_who_may_view_other_things_does_not_see_facts(client: Client, web: Channel, model: type[Model]) -> None:
    show = make_show(rows("A", 3))
    lock(show, web, "A-1")
    user = User.objects.create_user("usher", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_show"))
    log_in(client, user)

    assert client.get(pages.listing(model, f"?show={show.pk}")).status_code == 403
    assert client.get(pages.of(model._default_manager.latest("pk"))).status_code == 403


# Places ---------------------------------------------------------------------------------------------------------------


def test_places_open_on_the_show_that_is_on_next(manager: Client) -> None:
    make_show(standing(2), slug="over", starts_at=ago(60 * 24 * 2))
    tonight = make_show(standing(2), slug="tonight", starts_at=ago(-60))
    make_show(standing(2), slug="tomorrow", starts_at=ago(-60 * 24))
    make_show(slug="no-house", starts_at=ago(-30))

    response = manager.get(pages.listing(Place, "?status=open"))

    assert response.status_code == 302
    assert response["Location"] == pages.listing(Place, f"?show={tonight.pk}&status=open")


def test_places_without_any_house_say_what_to_do(manager: Client) -> None:
    assert "manage.py import_manifest SHOW house.csv" in pages.words(manager.get(pages.listing(Place)))

    show = make_show(slug="empty")
    assert "manage.py import_manifest empty house.csv" in of_place(manager, show)


def test_every_place_says_why_it_is_not_open(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 6))
    lock(show, web, "A-1")
    begin_payment(claim_id=lock(show, web, "A-2").claim_id, by=BUYER)
    commit_lock(claim_id=lock(show, web, "A-3").claim_id, by=BUYER, reference="HF-77")
    hold(show, "A-4")
    pillar = Seats([seat(show, "A-5").pk])
    kill_places(show_id=show.pk, wanted=pillar, by=By("user:1", reason_code="pillar"))

    text = of_place(manager, show)

    for label, said in {
        "A-1": "Locked browsing on Web, until",
        "A-2": "Locked payment pending on Web, until",
        "A-3": "Sold sold on Web, HF-77",
        "A-4": "Held Sponsor: Peacock Paints",
        "A-5": "Killed kill: pillar",
        "A-6": "Open",
    }.items():
        assert f"{label} Stalls Gold {said}" in text
    assert "Pool Commit lock," in text


def test_a_lock_that_ran_out_reads_as_open_awaiting_the_sweep(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 2))
    lock(show, web, "A-1", now=ago(20))

    in_the_list, on_its_page = of_place(manager, show), pages.words(manager.get(pages.of(seat(show, "A-1"))))

    assert "A-1 Stalls Gold Open ( lock ran out , awaiting the sweep)" in in_the_list
    assert "Status Open Why ( lock ran out , awaiting the sweep)" in on_its_page
    assert "2 open 0 sold of 2" in in_the_list


def test_a_payment_pending_is_locked_until_its_cap(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 1))
    begin_payment(claim_id=lock(show, web, "A-1", now=ago(20)).claim_id, by=BUYER, now=ago(19))

    assert "Locked payment pending on Web" in of_place(manager, show)


def test_places_are_found_by_status_as_buyers_see_it(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 4))
    lock(show, web, "A-1", now=ago(20))
    lock(show, web, "A-2")
    hold(show, "A-3")

    found = {status: labels(manager, show, f"&status={status}") for status in ("open", "locked", "held", "ran_out")}

    assert found == {"open": ["A-1", "A-4"], "locked": ["A-2"], "held": ["A-3"], "ran_out": ["A-1"]}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("A 12", ["A-12"]),
        ("a-12", ["A-12"]),
        ("Stalls  B 2", ["B-2"]),
        ("Balcony B 2", []),
        ("a12", ["A-12"]),
        ("stal", [f"{row}-{number}" for row in "AB" for number in range(1, 13)]),
        ("12", ["A-12", "B-12"]),
        ("#12", ["A-12", "B-12"]),
        ("Z 99", []),
    ],
)
def test_a_place_is_found_by_what_is_printed_on_the_seat(manager: Client, asked: str, found: list[str]) -> None:
    show = make_show(rows("AB", 12))

    assert labels(manager, show, f"&q={asked.replace('#', '%23').replace(' ', '+')}") == found


def test_an_admission_is_found_by_its_section_and_number(manager: Client) -> None:
    show = make_show(standing(12))

    assert labels(manager, show, "&q=Floor+11") == ["#11"]


def test_places_are_found_by_section_tier_and_allocation(manager: Client) -> None:
    show = make_show(rows("A", 3))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, "A-3").pk]), by=MANAGER)

    assert labels(manager, show, f"&section={show.sections.get().pk}") == ["A-1", "A-2", "A-3"]
    assert labels(manager, show, f"&tier={show.tiers.get().pk}") == ["A-1", "A-2", "A-3"]
    assert labels(manager, show, f"&allocation={slice_.pk}") == ["A-3"]


def test_another_shows_section_chosen_before_is_forgotten(manager: Client) -> None:
    show, other = make_show(rows("A", 2)), make_show(rows("B", 2), slug="othello")

    assert labels(manager, show, f"&section={other.sections.get().pk}") == ["A-1", "A-2"]


def test_a_places_history_is_told_latest_first_with_who_and_why(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 2))
    boss = By(f"user:{User.objects.get().pk}", reason_code="pillar", note="measured again")
    place = seat(show, "A-1")
    kill_places(show_id=show.pk, wanted=Seats([place.pk]), by=boss)
    unkill_places(show_id=show.pk, place_ids=[place.pk], by=boss)
    lock(show, web, "A-1")

    table = tables.history_of(place)["table"]
    text = pages.words(manager.get(pages.of(place)))

    assert [pages.plain(row[1]) for row in table["rows"]] == [
        *("Lock places", "Unkill places", "Kill places", "Load manifest"),
    ]
    assert "Killed → Open" in text
    assert "manager - Pillar: measured again" in text
    assert "session:buyer Web -" in text


def test_a_long_history_shows_its_latest_hundred(
    manager: Client, monkeypatch: pytest.MonkeyPatch, web: Channel
) -> None:
    monkeypatch.setattr(tables, "MOST_ENTRIES", 2)
    show = make_show(rows("A", 1))
    release_lock(claim_id=lock(show, web, "A-1").claim_id, by=BUYER)

    text = pages.words(manager.get(pages.of(seat(show, "A-1"))))

    assert "The first 2 are shown; see all of them" in text
    assert "Load manifest" not in text.split("History, the latest first")[1]


# Claims, movements, entries -------------------------------------------------------------------------------------------


def test_a_claim_shows_its_clock_its_places_and_what_became_of_it(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 3))
    locked = lock(show, web, "A-1", "A-2")
    sale = commit_lock(claim_id=locked.claim_id, by=BUYER, reference="HF-77")

    of_lock = manager.get(pages.of(Claim.objects.get(pk=locked.claim_id)))
    of_sale = manager.get(pages.of(sale))

    assert f'href="{pages.of(sale)}"' in of_lock.content.decode()
    assert "Places it had, and what they are now" in pages.words(of_lock)
    assert f'href="{pages.of(Claim.objects.get(pk=locked.claim_id))}"' in of_sale.content.decode()
    assert "HF-77" in pages.words(of_sale)
    for response in (of_lock, of_sale):
        assert "A-1 Stalls Gold Sold Pool" in pages.words(response)


def test_a_hold_shows_for_whom_it_is_and_who_may_break_it(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 3))
    held = hold(show, "A-1", contact="events@peacock.example", breakable_by="the producer")

    text = pages.words(manager.get(pages.of(held.claim)))

    for said in ("Sponsor", "Peacock Paints", "events@peacock.example", "the producer"):
        assert said in text


def test_a_claim_keeps_to_itself_whose_lock_it_is(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 1))
    holder = Holder(session="s-1", address="10.0.0.1", contact="asha@example.com")
    claim = Claim.objects.get(pk=lock(show, web, "A-1", holder=holder).claim_id)

    html = manager.get(pages.of(claim)).content.decode() + manager.get(pages.listing(Claim)).content.decode()

    assert claim.session
    assert [digest for digest in (claim.session, claim.address, claim.contact) if digest in html] == []


def test_claims_are_found_by_whether_they_live(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 4))
    ran_out = lock(show, web, "A-1", now=ago(20))
    live = lock(show, web, "A-2")
    ended = lock(show, web, "A-3")
    release_lock(claim_id=ended.claim_id, by=BUYER)

    def found(state: str) -> list[int]:
        return [claim.pk for claim in pages.rows(manager.get(pages.listing(Claim, f"?live={state}")))]

    assert [found("live"), found("ran_out"), found("ended")] == [
        *([live.claim_id], [ran_out.claim_id], [ended.claim_id]),
    ]


def test_claims_are_found_by_number_reference_and_party(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 4))
    held = hold(show, "A-1")
    sale = commit_lock(claim_id=lock(show, web, "A-2").claim_id, by=BUYER, reference="HF-77")

    def found(asked: str) -> list[int]:
        return [claim.pk for claim in pages.rows(manager.get(pages.listing(Claim, f"?q={asked}")))]

    assert [found("peacock"), found("hf-77"), found(str(sale.pk))] == [[held.pk], [sale.pk], [sale.pk]]


def test_the_places_of_a_claim_are_listed_across_shows(manager: Client, web: Channel) -> None:
    show = make_show(rows("A", 4))
    claim_id = lock(show, web, "A-1", "A-2").claim_id

    response = manager.get(pages.listing(Place, f"?claim={claim_id}"))

    assert [str(place) for place in pages.rows(response)] == ["A-1", "A-2"]


def test_movements_are_found_by_show_verb_and_day(manager: Client, web: Channel) -> None:
    show, other = make_show(rows("A", 4)), make_show(rows("A", 4), slug="othello")
    lock(show, web, "A-1", now=ago(60 * 48))
    lock(other, web, "A-1")

    def found(query: str) -> int:
        return len(pages.rows(manager.get(pages.listing(Movement, query))))

    the_day = timezone.localdate(ago(60 * 48)).isoformat()
    assert found(f"?show={show.pk}") == 2
    assert found("?verb=lock_places") == 2
    assert found(f"?verb=lock_places&at_from={the_day}&at_to={the_day}") == 1
    assert found("?verb=lock_places&at_to=nonsense") == 2


def test_a_movement_shows_its_entries_and_why(manager: Client) -> None:
    show = make_show(rows("A", 4))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    by = By("user:999", reason_code="channel_split", note="as agreed")
    allocate_places(allocation_id=slice_.pk, wanted=Seats([seat(show, "A-3").pk]), by=by)
    movement = Movement.objects.get(verb="allocate_places")

    text = pages.words(manager.get(pages.of(movement)))

    assert "A-3 Stalls Open , unchanged Pool → Counter slice" in text
    for said in ("Channel split", "as agreed", "user:999"):
        assert said in text
