"""The seats behind the map of the hold page: for whoever may hold, whole and then only what changed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from inventory.acts import By, Seats
from inventory.models import Channel, Show
from inventory.services.holds import place_hold, release_hold
from inventory.services.kills import kill_places
from inventory.services.locking import lock_places
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 5))


def seats(show: Show) -> str:
    return reverse("admin:inventory_show_seats", args=[show.pk])


def test_every_seat_is_told_for_what_it_is(manager: Client, show: Show, web: Channel) -> None:
    wanted = {n: Seats([seat(show, f"A-{n}").pk]) for n in (1, 2, 3)}
    place_hold(show_id=show.pk, wanted=wanted[1], purpose="press", party="The Daily", by=MANAGER)
    kill_places(show_id=show.pk, wanted=wanted[2], by=By("user:1", reason_code="pillar"))
    lock_places(show_id=show.pk, channel_id=web.pk, wanted=wanted[3], by=MANAGER)

    told = manager.get(seats(show)).json()

    assert told["letters"] == "hkloo"
    assert (told["row"], told["number"]) == (["A"] * 5, ["1", "2", "3", "4", "5"])


def test_a_show_that_is_not_on_sale_can_be_chosen_from_as_well(manager: Client) -> None:
    show = make_show(rows("A", 2), state=Show.State.DRAFT)

    assert manager.get(seats(show)).json()["letters"] == "nn"


def test_whoever_looks_again_is_told_what_changed_or_nothing(manager: Client, show: Show, web: Channel) -> None:
    version = manager.get(seats(show)).json()["version"]
    assert manager.get(seats(show), {"since": version}).status_code == 204

    lock_places(show_id=show.pk, channel_id=web.pk, wanted=Seats([seat(show, "A-3").pk]), by=MANAGER)

    told = manager.get(seats(show), {"since": version}).json()
    assert told["changes"] == {"2": "l"}
    assert "row" not in told


def test_of_a_holds_map_only_its_own_places_can_be_chosen(manager: Client, show: Show) -> None:
    press = {"purpose": "press", "by": MANAGER}
    one, other = (
        place_hold(show_id=show.pk, wanted=Seats([seat(show, label).pk]), party=party, **press)  # type: ignore[arg-type]
        for label, party in (("A-1", "The Daily"), ("A-2", "The Evening"))
    )
    address = reverse("admin:inventory_claim_seats", args=[one.pk])

    told = manager.get(address).json()
    assert (told["letters"], told["row"]) == ("ohxxx", ["A"] * 5)
    assert manager.get(address, {"since": told["version"]}).status_code == 204

    release_hold(claim_id=other.pk, by=MANAGER)
    again = manager.get(address, {"since": told["version"]}).json()
    assert (again["letters"], "row" in again) == ("oxxxx", False)


@pytest.mark.parametrize("codename", ["", "break_hold", "place_hold"])
def test_a_holds_seats_are_for_whoever_may_break_it_or_hold(auditor: Client, show: Show, codename: str) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))
    wanted = Seats([seat(show, "A-1").pk])
    hold = place_hold(show_id=show.pk, wanted=wanted, purpose="press", party="The Daily", by=MANAGER)
    address = reverse("admin:inventory_claim_seats", args=[hold.pk])

    assert auditor.get(address).status_code == (200 if codename else 403)
    if codename == "break_hold":
        assert auditor.get("/admin/inventory/claim/0/seats/").status_code == 404


@pytest.mark.parametrize("codename", ["", "break_hold", "place_hold"])
def test_the_seats_are_for_whoever_may_hold(auditor: Client, show: Show, codename: str) -> None:
    if codename:
        User.objects.get().user_permissions.add(Permission.objects.get(codename=codename))

    assert auditor.get(seats(show)).status_code == (200 if codename == "place_hold" else 403)
    assert auditor.get(seats(show) + "?since=x").status_code == (200 if codename == "place_hold" else 403)


def test_the_map_is_offered_where_there_are_numbered_seats(manager: Client, show: Show) -> None:
    floor = make_show(standing(3), slug="floor")

    assert "hold-map" in manager.get(reverse("admin:inventory_show_hold", args=[show.pk])).content.decode()
    page = manager.get(reverse("admin:inventory_show_hold", args=[floor.pk]))
    assert "<hold-map" not in page.content.decode()
    assert "By their names" not in pages.words(page)
    assert manager.get(f"/admin/inventory/show/{show.pk + 99}/seats/").status_code == 404
