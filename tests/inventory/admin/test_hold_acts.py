"""What is done with a hold on its page: another end, some places back, all of it broken; and its burn-down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.admin.burn_down import burn_down
from inventory.models import Allocation, Channel, Hold, Movement, ReleaseStep, Show
from inventory.services.holds import LadderStep, place_hold, release_hold
from inventory.services.locking import lock_places
from inventory.services.releases import run_due_releases
from tests.houses import MANAGER, NOON, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.admin import pages

WHY = {"reason": "party_declined", "other": "", "note": "By telephone.", "to": ""}
HOUR = seconds(3600)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6))


def hold(show: Show, *labels: str, **more: Any) -> Hold:
    wanted = Seats([seat(show, label).pk for label in labels or ("A-1", "A-2", "A-3", "A-4")])
    return place_hold(show_id=show.pk, wanted=wanted, purpose="sponsor", party="Chai Co", by=MANAGER, **more)


def page(held: Hold, verb: str) -> str:
    return reverse(f"admin:inventory_claim_{verb}", args=[held.pk])


def given(**fields: str) -> dict[str, str]:
    how = "names" if "names" in fields else "number"
    return WHY | {"how": how, "names": "", "quantity": "", "places": ""} | fields


# Another end ----------------------------------------------------------------------------------------------------------


def test_a_hold_gets_another_end_and_none(manager: Client, show: Show) -> None:
    held = hold(show)
    end = timezone.now().replace(second=0, microsecond=0) + seconds(90_000)

    response = manager.post(page(held, "extend"), {"until": f"{timezone.localtime(end):%Y-%m-%dT%H:%M}", "note": "Ok."})
    held.claim.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, pages.of(held.claim))
    assert held.claim.expires_at == end
    assert Movement.objects.get(verb="extend_hold").note.text == "Ok."
    assert f"{timezone.localtime(end):%Y-%m-%dT%H:%M}" in manager.get(page(held, "extend")).content.decode()

    manager.post(page(held, "extend"), {"until": "", "note": "They asked."})
    held.claim.refresh_from_db()
    assert held.claim.expires_at is None
    assert "The hold for Chai Co has no end now." in pages.words(manager.get(pages.of(held.claim)))


def test_an_end_before_a_step_of_the_ladder_says_that_the_step_will_find_nothing(manager: Client, show: Show) -> None:
    now = timezone.now()
    held = hold(show, steps=[LadderStep(now + 9 * HOUR, share_percent=50), LadderStep(now + HOUR, share_percent=50)])

    manager.post(
        page(held, "extend"), {"until": f"{timezone.localtime(now + 2 * HOUR):%Y-%m-%dT%H:%M}", "note": "They asked."}
    )

    said = "1 step of its ladder comes after that end and will find nothing to give back."
    assert said in pages.words(manager.get(pages.of(held.claim)))


@pytest.mark.parametrize(("until", "said"), [("2020-01-01T10:00", "This moment is past."), ("soon", "valid date")])
def test_an_end_that_makes_no_sense_is_refused_in_the_form(manager: Client, show: Show, until: str, said: str) -> None:
    held = hold(show)

    assert said in pages.words(manager.post(page(held, "extend"), {"until": until, "note": "They asked."}))
    assert not Movement.objects.filter(verb="extend_hold").exists()


def test_the_hold_of_a_cancelled_show_is_only_given_back_or_broken(manager: Client, show: Show) -> None:
    held = hold(show)
    Show.objects.filter(pk=show.pk).update(state="cancelled")

    text = pages.words(manager.get(pages.of(held.claim)))
    for way, is_offered in {"Another end…": False, "Give places back…": True, "Break…": True}.items():
        assert (way in text) is is_offered

    refused = manager.post(page(held, "extend"), {"until": "", "note": "They asked."})
    assert "This show is cancelled: its holds can only be given back or broken." in pages.words(refused)
    assert not Movement.objects.filter(verb="extend_hold").exists()
    assert manager.post(page(held, "break"), WHY).status_code == 302
    assert statuses(show) == {"open": 6}


# Some places back -----------------------------------------------------------------------------------------------------


def test_some_seats_go_back_by_their_names_into_an_allocation(manager: Client, show: Show) -> None:
    held = hold(show)
    walk_ins = Allocation.objects.create(show=show, name="Walk-ins")

    response = manager.post(page(held, "give"), given(names="Stalls A 2-3", to=str(walk_ins.pk)))

    assert response["Location"] == pages.of(held.claim)
    assert statuses(show) == {"held": 2, "open": 4}
    assert seat(show, "A-2").allocation == seat(show, "A-3").allocation == walk_ins
    movement = Movement.objects.get(verb="release_hold")
    assert (movement.reason_code, movement.note.text) == ("party_declined", "By telephone.")
    said = "2 places of Chai Co are open again: Stalls A 2-3."
    assert said in pages.words(manager.get(pages.of(held.claim)))


def test_seats_of_the_map_go_back_by_their_ids(manager: Client, show: Show) -> None:
    held = hold(show)

    manager.post(page(held, "give"), given(how="map", places=str(seat(show, "A-3").pk)))

    assert [seat(show, f"A-{n}").status for n in (1, 2, 3, 4)] == ["held", "held", "open", "held"]


def test_so_many_go_back_the_worst_first(manager: Client, show: Show) -> None:
    held = hold(show)

    manager.post(page(held, "give"), given(quantity="3"))

    assert [seat(show, f"A-{n}").status for n in (1, 2, 3, 4)] == ["held", "open", "open", "open"]


def test_with_its_last_place_a_hold_is_over_and_says_so(manager: Client) -> None:
    show = make_show(standing(2))
    ids = list(show.places.values_list("pk", flat=True))
    held = place_hold(show_id=show.pk, wanted=Seats(ids), purpose="press", party="The Daily", by=MANAGER)

    manager.post(page(held, "give"), given(quantity="2"))

    text = pages.words(manager.get(pages.of(held.claim)))
    assert "2 places of The Daily are open again: Floor: 2 admissions. The hold is over." in text
    assert page(held, "break") not in manager.get(pages.of(held.claim)).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say how many places to give back."),
        ({"names": ""}, "Name at least one seat"),
        ({"how": "map"}, "Choose at least one seat on the map."),
        ({"how": "map", "places": "999999"}, "Not of this hold, so nothing was given back"),
        ({"how": ""}, "This field is required"),
        ({"names": "Stalls A 4-5"}, "Not of this hold, so nothing was given back: Stalls A 5."),
        ({"names": "Stalls Z 1"}, "'Stalls Z 1' is no seat of Stalls."),
        ({"quantity": "5"}, "It holds 4 places. Ask for fewer, or break the hold."),
        ({"quantity": "1", "reason": ""}, "This field is required"),
        ({"quantity": "1", "to": "999"}, "Select a valid choice"),
    ],
)
def test_giving_back_what_makes_no_sense_is_refused_in_the_form(
    manager: Client, show: Show, fields: dict[str, str], said: str
) -> None:
    held = hold(show)

    response = manager.post(page(held, "give"), given(**fields))

    assert (response.status_code, said in pages.words(response)) == (200, True)
    assert statuses(show) == {"held": 4, "open": 2}


# Broken ---------------------------------------------------------------------------------------------------------------


def test_a_hold_is_broken_for_a_reason_and_all_of_it_comes_back(manager: Client, show: Show) -> None:
    held = hold(show)

    text = pages.words(manager.get(page(held, "break")))
    response = manager.post(page(held, "break"), WHY)

    assert "It holds 4 places now: Stalls A 1-4." in text
    assert response["Location"] == pages.of(held.claim)
    assert statuses(show) == {"open": 6}
    held.claim.refresh_from_db()
    assert held.claim.ended_at is not None


def test_a_hold_is_not_broken_without_a_reason(manager: Client, show: Show) -> None:
    held = hold(show)

    assert "This field is required" in pages.words(manager.post(page(held, "break"), WHY | {"reason": ""}))
    assert statuses(show) == {"held": 4, "open": 2}


@pytest.mark.parametrize("verb", ["break", "give"])
def test_where_somebody_may_break_it_the_page_says_who_and_asks_for_their_word(
    manager: Client, show: Show, verb: str
) -> None:
    held = hold(show, breakable_by="Head of sales")
    sent = given(quantity="4") if verb == "give" else WHY

    assert "It may be broken by Head of sales. Ask first." in pages.words(manager.get(page(held, verb)))
    refused = pages.words(manager.post(page(held, verb), sent))
    assert "Only Head of sales may break this hold: ask first, then tick this." in refused
    assert statuses(show) == {"held": 4, "open": 2}
    manager.post(page(held, verb), sent | {"agreed": "on"})
    assert statuses(show) == {"open": 6}


@pytest.mark.parametrize(
    ("verb", "sent"),
    [("break", WHY), ("give", given(names="Stalls A 1")), ("extend", {"until": "", "note": "They asked."})],
)
def test_a_hold_that_is_over_says_so(manager: Client, show: Show, verb: str, sent: dict[str, str]) -> None:
    held = hold(show)
    release_hold(claim_id=held.pk, by=MANAGER)

    assert "already ended" in pages.words(manager.post(page(held, verb), sent))


def test_an_earlier_end_asks_for_the_word_of_whoever_may_break_it_and_a_later_one_does_not(
    manager: Client, show: Show
) -> None:
    held = hold(show, breakable_by="Head of sales", until=timezone.now() + 9 * HOUR)

    def ask(hours: int, **more: str) -> Any:
        until = f"{timezone.localtime(timezone.now() + hours * HOUR):%Y-%m-%dT%H:%M}"
        return manager.post(page(held, "extend"), {"until": until, "note": "They asked."} | more)

    assert "Only Head of sales may break this hold: ask first" in pages.words(ask(3))
    assert (ask(12).status_code, ask(5, agreed="on").status_code) == (302, 302)


def test_who_may_not_break_a_hold_cannot_end_it_sooner_nor_give_it_a_step(
    may: Callable[..., Client], show: Show
) -> None:
    clerk = may("inventory.place_hold", "inventory.view_claim", "inventory.view_show", "inventory.add_releasestep")
    held = hold(show)
    soon = timezone.localtime(timezone.now() + HOUR)
    step = {
        "show": show.pk,
        "hold": held.pk,
        "share_percent": "100",
        "at_0": f"{soon:%Y-%m-%d}",
        "at_1": f"{soon:%H:%M}",
    }

    asked = clerk.post(page(held, "extend"), {"until": f"{soon:%Y-%m-%dT%H:%M}", "note": "Sooner."})
    clerk.post(f"{pages.adding(ReleaseStep)}?hold={held.pk}", step | {"note": "All of it."})

    assert "An end that is earlier gives places back" in pages.words(asked)
    assert not ReleaseStep.objects.exists() and not Movement.objects.filter(verb="extend_hold").exists()
    assert pages.adding(ReleaseStep) not in clerk.get(pages.of(held.claim)).content.decode()


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codename", ["", "place_hold", "break_hold"])
def test_each_verb_asks_for_its_own_permission_and_offers_its_button_by_it(
    auditor: Client, show: Show, codename: str
) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))
    held = hold(show)
    sent = {"extend": {"until": "", "note": "They asked."}, "give": given(names="Stalls A 1"), "break": WHY}
    needed = {"extend": "place_hold", "give": "break_hold", "break": "break_hold"}
    html = auditor.get(pages.of(held.claim)).content.decode()

    for verb, fields in sent.items():
        may = needed[verb] == codename
        assert (page(held, verb) in html) == may
        assert auditor.get(page(held, verb)).status_code == (200 if may else 403)
        assert auditor.post(page(held, verb), fields).status_code == (302 if may else 403)

    assert statuses(show) == ({"open": 6} if codename == "break_hold" else {"held": 4, "open": 2})


@pytest.mark.parametrize("verb", ["extend", "give", "break"])
def test_what_is_no_hold_is_not_found(manager: Client, show: Show, web: Channel, verb: str) -> None:
    wanted = Seats([seat(show, "A-1").pk])
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted, by=By(actor="session:buyer"))

    assert manager.get(reverse(f"admin:inventory_claim_{verb}", args=[lock.claim_id])).status_code == 404
    assert manager.get(f"/admin/inventory/claim/0/{verb}/").status_code == 404


# The burn-down --------------------------------------------------------------------------------------------------------


def test_the_burn_down_tells_what_was_held_and_what_came_back_by_whom(manager: Client, show: Show) -> None:
    boss = By(f"user:{User.objects.get().pk}", reason_code="mistake", note="Wrong row.")
    walk_ins = Allocation.objects.create(show=show, name="Walk-ins")
    step = LadderStep(NOON + HOUR, quantity=1, to_allocation_id=walk_ins.pk)
    held = hold(show, steps=[step], now=NOON)
    run_due_releases(show_id=show.pk, now=NOON + HOUR)
    release_hold(claim_id=held.pk, place_ids=[seat(show, "A-1").pk], by=boss, now=NOON + 2 * HOUR)

    counted, acts = burn_down(held.claim)
    text = pages.words(manager.get(pages.of(held.claim)))

    assert counted.in_words == "2 still held, 0 used, 2 returned of 4 held at first"
    assert [[pages.plain(cell) for cell in row[1:]] for row in acts["rows"]] == [
        ["Held", "4", "-", "-", "-", pages.plain(acts["rows"][0][6]), "-"],
        ["Returned by the ladder or the end", "-", "-", "1", "Walk-ins", "by itself", "-"],
        ["Returned by hand", "-", "-", "1", "where each came from", "manager", "By mistake: Wrong row."],
    ]
    assert "4 held at first 2 still held 0 used 2 returned" in text


def test_what_a_ladder_has_promised_counts_as_returned_from_its_second(show: Show) -> None:
    held = hold(show, steps=[LadderStep(NOON + HOUR, share_percent=50)], until=NOON + 9 * HOUR, now=NOON)
    now = timezone.now()
    assert burn_down(held.claim)[0].in_words.startswith("4 still held")

    other = make_show(rows("A", 4), slug="othello")
    past = hold(other, steps=[LadderStep(now - HOUR, share_percent=50)], now=now - 2 * HOUR)

    assert burn_down(past.claim)[0].in_words == "2 still held, 0 used, 2 returned of 4 held at first"
    assert statuses(other) == {"held": 4}


def test_a_hold_with_three_acts_takes_as_many_queries_as_one_with_one(
    manager: Client, show: Show, django_assert_num_queries: Callable[..., Any]
) -> None:
    held = hold(show)
    manager.get(pages.of(held.claim))
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.of(held.claim))
    for label in ("A-1", "A-2"):
        release_hold(claim_id=held.pk, place_ids=[seat(show, label).pk], by=MANAGER)

    with django_assert_num_queries(len(for_one)):
        manager.get(pages.of(held.claim))
