"""The hold page: look first, hold exactly what was seen, refuse with the seat's name and its state, change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.acts import By, Seats
from inventory.models import Allocation, Channel, Claim, Hold, Movement, Place, ReleaseStep, Show
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from inventory.services.locks import commit_lock, release_lock
from tests.houses import MANAGER, make_show, rows, seat, seconds, standing, statuses
from tests.inventory.admin import pages

BUYER = By(actor="session:buyer")


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("AB", 4))


def holding(show: Show) -> str:
    return reverse("admin:inventory_show_hold", args=[show.pk])


def asked(**fields: Any) -> dict[str, Any]:
    facts = {"purpose": "sponsor", "party": "Chai Co", "contact": "", "breakable_by": "", "until": "", "note": ""}
    choice = {"how": "number", "quantity": "3", "order": "best", "tier": "", "section": "", "names": "", "places": ""}
    ladder = {"steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "3"}
    steps = {f"steps-{nth}-{name}": "" for nth in range(3) for name in ("at", "much", "to")}
    units = {f"steps-{nth}-unit": "percent" for nth in range(3)}
    return facts | choice | ladder | steps | units | {key.replace("__", "-"): value for key, value in fields.items()}


def named(*seats: str) -> dict[str, Any]:
    return asked(how="names", names=", ".join(seats))


def at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def held(show: Show) -> list[str]:
    places = Place.objects.filter(show=show, status="held").order_by("rank")
    return [str(place) for place in places]


def hidden(response: Any) -> dict[str, str]:
    """What the page brings back of what was looked at."""
    seen = response.context["seen"]
    return {"looked": seen["ids"], "looked_for": seen["for"]}


# It does it -----------------------------------------------------------------------------------------------------------


def test_the_best_so_many_are_held_and_the_page_of_the_hold_follows(manager: Client, show: Show) -> None:
    sent = asked(contact="desk@chai.example", breakable_by="Head of sales", note="Signed on Friday.")

    response = manager.post(holding(show), sent)

    hold = Hold.objects.get()
    assert (response.status_code, response["Location"]) == (302, pages.of(hold.claim))
    assert held(show) == ["A-1", "A-2", "A-3"]
    assert (hold.purpose, hold.party, hold.contact, hold.breakable_by) == (
        "sponsor", "Chai Co", "desk@chai.example", "Head of sales",
    )  # fmt: skip
    movement = Movement.objects.get(verb="place_hold")
    assert (movement.actor, movement.reason_code, movement.note.text) == (
        f"user:{User.objects.get().pk}", "sponsor", "Signed on Friday.",
    )  # fmt: skip
    said = "Held for Chai Co: 3 places are out of the pool now. Stalls A 1-3."
    assert said in pages.words(manager.get(response["Location"]))


@pytest.mark.parametrize(
    ("order", "quantity", "seats"),
    [
        ("best", "2", ["A-1", "A-2"]),
        ("worst", "2", ["B-3", "B-4"]),
        ("spread", "4", ["A-1", "A-2", "B-1", "B-2"]),
    ],
)
def test_places_are_held_by_number(manager: Client, show: Show, order: str, quantity: str, seats: list[str]) -> None:
    manager.post(holding(show), asked(order=order, quantity=quantity))

    assert held(show) == seats


def test_seats_are_held_by_their_names(manager: Client, show: Show) -> None:
    manager.post(holding(show), named("Stalls A 2-3", "B 4"))

    assert held(show) == ["A-2", "A-3", "B-4"]


def test_seats_of_the_map_are_held_by_their_ids(manager: Client, show: Show) -> None:
    ids = f"{seat(show, 'B-1').pk} {seat(show, 'A-4').pk}"

    manager.post(holding(show), asked(how="map", places=ids, quantity=""))

    assert held(show) == ["A-4", "B-1"]


def test_standing_places_are_held_out_of_an_allocation(manager: Client) -> None:
    show = make_show(standing(5))
    slice_ = Allocation.objects.create(show=show, name="Counter slice")
    last = Seats([show.places.get(number="5").pk])
    allocate_places(allocation_id=slice_.pk, wanted=last, by=MANAGER)

    manager.post(holding(show), asked(quantity="1", allocation=str(slice_.pk)))

    assert held(show) == ["#5"]


def test_a_hold_is_saved_with_its_end_and_its_ladder(manager: Client, show: Show) -> None:
    walk_ins = Allocation.objects.create(show=show, name="Walk-ins")
    end = timezone.now().replace(second=0, microsecond=0) + seconds(90_000)
    sent = asked(
        until=at(end),
        steps__0__at=at(end - seconds(7200)),
        steps__0__much="50",
        steps__1__at=at(end - seconds(3600)),
        steps__1__much="1",
        steps__1__unit="places",
        steps__1__to=str(walk_ins.pk),
    )

    manager.post(holding(show), sent)

    claim = Claim.objects.get(kind="hold")
    assert claim.expires_at == end
    assert list(ReleaseStep.objects.order_by("at").values_list("at", "share_percent", "quantity", "to_allocation")) == [
        (end - seconds(7200), 50, None, None),
        (end - seconds(3600), None, 1, walk_ins.pk),
    ]


# Look first -----------------------------------------------------------------------------------------------------------


def test_a_look_says_which_places_would_be_held_and_holds_none(manager: Client, show: Show) -> None:
    response = manager.post(holding(show), asked(look="", party="", purpose=""))

    text = pages.words(response)
    assert "3 places would be held: Stalls A 1-3." in text
    assert "This field is required" not in text
    assert statuses(show) == {"open": 8}


def test_what_was_typed_stays_after_a_look(manager: Client, show: Show) -> None:
    html = manager.post(holding(show), asked(look="", party="Peacock Paints", steps__0__much="40")).content.decode()

    assert 'value="Peacock Paints"' in html
    assert 'value="40"' in html


def test_exactly_what_was_seen_is_held_though_better_ones_came_back(manager: Client, show: Show, web: Channel) -> None:
    lock = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)
    seen = hidden(manager.post(holding(show), asked(look="")))
    release_lock(claim_id=lock.claim_id, by=BUYER)

    manager.post(holding(show), asked(**seen))

    assert held(show) == ["A-2", "A-3", "A-4"]


def test_of_what_was_seen_nothing_is_held_if_one_went_meanwhile(manager: Client, show: Show, web: Channel) -> None:
    seen = hidden(manager.post(holding(show), asked(look="")))
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-2").pk]), by=BUYER)

    response = manager.post(holding(show), asked(**seen))

    assert "Not open, so nothing was held: Stalls A 2: locked, browsing on Web, until" in pages.words(response)
    assert statuses(show) == {"locked": 1, "open": 7}


def test_another_choice_than_was_looked_at_is_shown_before_it_is_held(manager: Client, show: Show) -> None:
    seen = hidden(manager.post(holding(show), asked(look="")))

    response = manager.post(holding(show), asked(quantity="5", **seen))

    text = pages.words(response)
    assert "The choice was changed after you looked." in text
    assert "5 places would be held: Stalls A 1-4, B 1." in text
    assert statuses(show) == {"open": 8}
    manager.post(holding(show), asked(quantity="5", **hidden(response)))
    assert len(held(show)) == 5


# It refuses and changes nothing ---------------------------------------------------------------------------------------


def test_a_seat_that_is_not_open_refuses_with_its_name_and_its_state(manager: Client, show: Show, web: Channel) -> None:
    sold = lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-1").pk]), by=BUYER)
    commit_lock(claim_id=sold.claim_id, reference="HF-1", by=BUYER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "A-2").pk]), by=By("user:1", reason_code="pillar"))
    press = {"purpose": "press", "party": "The Daily"}
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "A-3").pk]), by=MANAGER, **press)  # type: ignore[arg-type]
    before = statuses(show)

    response = manager.post(holding(show), named("Stalls A"))

    assert (
        "Not open, so nothing was held: Stalls A 1: sold on Web, HF-1; Stalls A 2: kill: pillar; "
        "Stalls A 3: held, Press: The Daily." in pages.words(response)
    )
    assert statuses(show) == before
    assert Hold.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity": ""}, "Say how many places to hold."),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "9"}, "Only 8 places are open, out of the open pool. Ask for fewer, or elsewhere."),
        ({"how": "names"}, "Name at least one seat, such as: Stalls A 1-12, B 3."),
        ({"how": "names", "names": "Stalls C 1"}, "'Stalls C 1' is no seat of Stalls."),
        ({"how": "names", "names": "A 9"}, "'A 9': there is no such seat; that row has 1 to 4."),
        ({"how": "map"}, "Choose at least one seat on the map."),
        ({"how": "map", "places": "0"}, "Choose at least one seat on the map."),
        ({"how": "map", "places": "999999999"}, "some of these are no places of this show"),
        ({"how": "otherwise"}, "Select a valid choice"),
        ({"tier": "999"}, "Select a valid choice"),
        ({"purpose": ""}, "This field is required"),
        ({"purpose": "friends"}, "Select a valid choice"),
        ({"party": "  "}, "This field is required"),
        ({"until": "2020-01-01T10:00"}, "This moment is past. A hold ends in the future."),
        ({"until": "2098-01-01T10:00"}, "The show begins before that, 31 Dec"),
        ({"steps-0-at": "2020-01-01T10:00", "steps-0-much": "5"}, "This moment is past. A step lies ahead."),
        ({"steps-0-much": "5"}, "Say when."),
        ({"steps-0-at": "2099-01-01T10:00"}, "Say how many, or what share."),
        ({"steps-0-at": "2099-01-01T10:00", "steps-0-much": "101"}, "A share is 1 to 100 per cent."),
        (
            {"until": "2026-12-30T10:00", "steps-0-at": "2026-12-31T10:00", "steps-0-much": "5"},
            "A step of the ladder lies ahead, before the hold's end",
        ),
        ({"steps-0-at": "2099-01-01T10:00", "steps-0-much": "5", "steps-0-to": "999"}, "Select a valid choice"),
        ({"steps-TOTAL_FORMS": ""}, "This field is required."),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused_in_the_form(
    manager: Client, show: Show, fields: dict[str, str], said: str
) -> None:
    response = manager.post(holding(show), asked() | fields)

    text = pages.words(response)
    assert response.status_code == 200
    assert said in text
    assert "Nothing has been held." in text
    assert statuses(show) == {"open": 8}
    assert not Hold.objects.exists()
    assert not ReleaseStep.objects.exists()


def test_another_shows_places_are_not_held_here(manager: Client, show: Show) -> None:
    other = make_show(rows("A", 1), slug="othello")

    manager.post(holding(show), asked(how="map", places=str(seat(other, "A-1").pk)))

    assert not Hold.objects.exists()


def test_what_was_held_is_not_held_twice_by_pressing_twice(manager: Client, show: Show) -> None:
    seen = hidden(manager.post(holding(show), asked(look="")))
    manager.post(holding(show), asked(**seen))

    response = manager.post(holding(show), asked(**seen))

    assert "Stalls A 1-3: held, Sponsor: Chai Co" in pages.words(response)
    assert Hold.objects.count() == 1


# Who may, and the way there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codename", ["", "break_hold", "place_hold"])
def test_holding_asks_for_its_own_permission(auditor: Client, show: Show, codename: str) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))
    may = codename == "place_hold"

    assert auditor.get(holding(show)).status_code == (200 if may else 403)
    assert auditor.post(holding(show), asked()).status_code == (302 if may else 403)
    assert Hold.objects.exists() == may
    for page in (pages.of(show), reverse("admin:inventory_show_stock", args=[show.pk])):
        assert (holding(show) in auditor.get(page).content.decode()) == may


def test_whoever_may_hold_but_see_no_claims_comes_back_to_the_stock(bystander: Client, show: Show) -> None:
    User.objects.get().user_permissions.add(Permission.objects.get(codename="place_hold"))

    response = bystander.post(holding(show), asked())

    assert response["Location"] == reverse("admin:inventory_show_stock", args=[show.pk])
    assert held(show) == ["A-1", "A-2", "A-3"]


def test_nobody_holds_without_logging_in(client: Client, show: Show) -> None:
    assert client.post(holding(show), asked()).status_code == 302
    assert not Hold.objects.exists()


def test_a_tier_clicked_on_the_stock_page_is_chosen_already(manager: Client, show: Show) -> None:
    tier = show.tiers.get().pk

    assert f'<option value="{tier}" selected>' in manager.get(f"{holding(show)}?tier={tier}").content.decode()


def test_a_show_without_a_house_says_what_to_do_first(manager: Client) -> None:
    show = make_show(None, slug="empty")

    assert "manage.py import_manifest empty house.csv" in pages.words(manager.get(holding(show)))
    assert manager.get("/admin/inventory/show/0/hold/").status_code == 404
