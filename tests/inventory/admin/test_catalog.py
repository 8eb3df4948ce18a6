"""The catalog in the admin: what people may edit, what is fixed once a house is loaded, and that no place moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.acts import Admissions, By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, Claim, Movement, Place, Section, Show, Tier, Venue
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.kills import kill_places
from inventory.services.locking import Lock, lock_places
from inventory.services.locks import commit_lock
from tests.houses import MANAGER, make_show, rows, seat, standing, statuses
from tests.inventory.admin import pages

BUYER = By(actor="session:buyer")


def lock(show: Show, channel: Channel, quantity: int, **fields: Any) -> Lock:
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    return lock_places(show_id=show.pk, channel_id=channel.pk, wanted=wanted, by=BUYER, **fields)


def slice_of(show: Show, quantity: int) -> Allocation:
    """A counter slice with so many places under it."""
    allocation = Allocation.objects.create(show=show, name="Counter slice")
    wanted = Admissions(tier_id=show.tiers.get().pk, quantity=quantity)
    allocate_places(allocation_id=allocation.pk, wanted=wanted, by=MANAGER)
    return allocation


def test_the_list_of_shows_says_what_is_left_and_why(manager: Client, web: Channel) -> None:
    show = make_show(rows("AB", 5))
    commit_lock(claim_id=lock(show, web, 2).claim_id, by=BUYER)
    lock(show, web, 1)
    place_hold(show_id=show.pk, wanted=Seats([seat(show, "B-1").pk]), purpose="press", party="The Ferry", by=MANAGER)
    kill_places(show_id=show.pk, wanted=Seats([seat(show, "B-5").pk]), by=By("user:1", reason_code="pillar"))

    text = pages.words(manager.get(pages.listing(Show)))

    assert "5 open, 1 locked, 1 held, 2 sold, 1 killed of 10" in text
    assert "On sale" in text


def test_a_lock_that_ran_out_counts_as_open(manager: Client, web: Channel) -> None:
    show = make_show(standing(5))
    lock(show, web, 2, now=timezone.now() - timedelta(minutes=20))
    lock(show, web, 1)

    assert "4 open, 1 locked, 0 sold of 5" in pages.words(manager.get(pages.listing(Show)))


def test_three_shows_take_as_many_queries_as_one(manager: Client, django_assert_num_queries: Any) -> None:
    make_show(standing(3), slug="one")
    with CaptureQueriesContext(connection) as for_one:
        manager.get(pages.listing(Show))
    make_show(standing(3), slug="two")
    make_show(rows("A", 3), slug="three")

    with django_assert_num_queries(len(for_one)):
        response = manager.get(pages.listing(Show))
    assert len(pages.rows(response)) == 3


def test_what_is_on_next_comes_first_and_what_is_over_last(manager: Client) -> None:
    for slug, days in (("tomorrow", 1), ("long-over", -30), ("next-week", 7), ("just-over", -2)):
        make_show(slug=slug, starts_at=timezone.now() + timedelta(days=days))

    shown = pages.rows(manager.get(pages.listing(Show)))

    assert [show.slug for show in shown] == ["tomorrow", "next-week", "just-over", "long-over"]


def test_a_shows_places_claims_and_movements_are_one_click_away(manager: Client) -> None:
    show = make_show(standing(2))

    for address in (pages.listing(Show), pages.of(show)):
        html = manager.get(address).content.decode()
        for model in (Place, Claim, Movement):
            assert f'href="{pages.listing(model)}?show={show.pk}"' in html


def test_a_show_without_a_house_says_how_to_load_one(manager: Client) -> None:
    show = make_show(slug="empty")

    assert "manage.py import_manifest empty house.csv" in pages.words(manager.get(pages.of(show)))
    assert "no house yet" in pages.words(manager.get(pages.listing(Show)))


def test_saving_a_show_changes_its_title_and_moves_no_place(manager: Client) -> None:
    show = make_show(rows("A", 3))
    before = statuses(show), Movement.objects.count()

    form = pages.filled_in(manager.get(pages.of(show)), title="Hamlet, at last")
    response = manager.post(pages.of(show), form)

    assert response.status_code == 302
    show.refresh_from_db()
    assert (show.title, show.state) == ("Hamlet, at last", "on_sale")
    assert before == (statuses(show), Movement.objects.count())


def test_a_show_is_made_with_its_sections_and_tiers(manager: Client) -> None:
    make_show()
    form = pages.filled_in(manager.get(pages.adding(Show)), title="Othello", slug="othello")
    form |= {"venue": str(Venue.objects.get().pk), "starts_at_0": "2026-12-24", "starts_at_1": "19:30:00"}
    form |= {"tiers-TOTAL_FORMS": "1", "tiers-0-code": "gold", "tiers-0-name": "Gold", "tiers-0-ordinal": "1"}

    manager.post(pages.adding(Show), form)

    show = Show.objects.get(slug="othello")
    assert timezone.localtime(show.starts_at).strftime("%d %b %Y %H:%M") == "24 Dec 2026 19:30"
    assert [tier.code for tier in show.tiers.all()] == ["gold"]


def test_a_lock_longer_than_its_cap_is_refused_in_the_form(manager: Client) -> None:
    show = make_show()

    form = pages.filled_in(manager.get(pages.of(show)), lock_for_s="900", lock_cap_s="600")
    response = manager.post(pages.of(show), form)

    assert "A lock lasts from 30 seconds to its cap" in pages.words(response)
    show.refresh_from_db()
    assert show.lock_for_s == 480


def test_a_show_with_places_is_kept_and_says_why(manager: Client) -> None:
    show = make_show(standing(2))

    response = manager.post(pages.of(show, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert response.redirect_chain == [(pages.of(show), 302)]
    assert "places keep their history. Close it or cancel it instead." in pages.words(response)
    assert Show.objects.filter(pk=show.pk).exists()


def test_a_show_without_places_can_be_deleted(manager: Client) -> None:
    show = make_show()

    manager.post(pages.of(show, "delete"), {"post": "yes", "note": "Not needed."})

    assert not Show.objects.exists()


def test_with_a_house_codes_are_fixed_and_names_are_not(manager: Client) -> None:
    show = make_show(rows("A", 3))
    response = manager.get(pages.of(show))
    assert "so the codes of sections and tiers are fixed" in pages.words(response)

    form = pages.filled_in(response) | {
        "sections-0-code": "other",
        "sections-0-is_ga": "on",
        "sections-0-name": "Parquet",
        "tiers-0-code": "other",
        "tiers-0-name": "Golden",
        "tiers-0-colour": "#aabbcc",
    }
    manager.post(pages.of(show), form)

    section, tier = Section.objects.get(), Tier.objects.get()
    assert (section.code, section.is_ga, section.name) == ("stalls", False, "Parquet")
    assert (tier.code, tier.name, tier.colour) == ("gold", "Golden", "#aabbcc")


@pytest.mark.parametrize("model", [Section, Tier])
def test_a_section_or_tier_with_a_house_keeps_its_code_and_its_show(manager: Client, model: type[Any]) -> None:
    show, other = make_show(rows("A", 3)), make_show(slug="othello")
    part = model.objects.get(show=show)
    response = manager.get(pages.of(part))
    assert "so this code is fixed" in pages.words(response)

    form = pages.filled_in(response, name="New") | {"code": "other", "show": str(other.pk), "is_ga": "on"}
    manager.post(pages.of(part), form)
    deletion = manager.post(pages.of(part, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "house is loaded" in pages.words(deletion)
    changed = model.objects.get(pk=part.pk)
    assert (changed.name, changed.code, changed.show_id) == ("New", part.code, show.pk)
    assert getattr(changed, "is_ga", False) is False


def test_the_pool_stays_the_pool(manager: Client) -> None:
    show = make_show(standing(2))
    pool = Allocation.objects.get(show=show)

    form = pages.filled_in(manager.get(pages.of(pool)), name="Everybody")
    manager.post(pages.of(pool), form | {"is_pool": "", "closes_at_0": "2026-12-24", "closes_at_1": "10:00:00"})
    deletion = manager.post(pages.of(pool, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "every show has exactly one: it is kept" in pages.words(deletion)
    pool.refresh_from_db()
    assert (pool.name, pool.is_pool, pool.closes_at) == ("Everybody", True, None)


def test_an_allocation_says_which_channels_may_sell_it(manager: Client, counter: Channel) -> None:
    show = make_show(standing(5))
    form = pages.filled_in(manager.get(pages.adding(Allocation)), name="Counter slice", show=str(show.pk))
    form |= {"openings-TOTAL_FORMS": "1", "openings-0-channel": str(counter.pk)}

    manager.post(pages.adding(Allocation), form)

    opening = AllocationChannel.objects.get()
    assert (opening.allocation.name, opening.allocation.is_pool, opening.channel) == ("Counter slice", False, counter)
    assert "Counter slice Hamlet Counter" in pages.words(manager.get(pages.listing(Allocation)))


def test_two_allocations_of_one_name_are_refused_in_the_form(manager: Client) -> None:
    show = make_show(standing(5))
    Allocation.objects.create(show=show, name="Counter slice")
    second = Allocation.objects.create(show=show, name="Web first")

    response = manager.post(pages.of(second), pages.filled_in(manager.get(pages.of(second)), name="Counter slice"))

    assert response.status_code == 200
    assert "already exists" in pages.words(response)
    second.refresh_from_db()
    assert second.name == "Web first"


def test_an_allocation_that_had_places_is_kept_and_another_can_go(manager: Client) -> None:
    show = make_show(standing(5))
    used, unused = slice_of(show, 2), Allocation.objects.create(show=show, name="Never used")

    kept = manager.post(pages.of(used, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)
    manager.post(pages.of(unused, "delete"), {"post": "yes", "note": "Not needed."})

    assert "their history names it: it is kept" in pages.words(kept)
    assert set(Allocation.objects.values_list("name", flat=True)) == {"Pool", "Counter slice"}


def test_the_built_in_channels_are_kept_as_they_are(manager: Client, web: Channel) -> None:
    form = pages.filled_in(manager.get(pages.of(web)), name="Our shop") | {"code": "shop", "kind": "partner"}
    manager.post(pages.of(web), form)
    deletion = manager.post(pages.of(web, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "part of the program: it is kept" in pages.words(deletion)
    web.refresh_from_db()
    assert (web.name, web.code, web.kind) == ("Our shop", "web", "web")


def test_a_partner_can_be_added_and_deleted_until_it_has_sold(manager: Client) -> None:
    form = pages.filled_in(manager.get(pages.adding(Channel)), code="tiffin", name="Tiffin", kind="partner")
    manager.post(pages.adding(Channel), form)
    manager.post(pages.of(Channel.objects.get(code="tiffin"), "delete"), {"post": "yes", "note": "Not needed."})
    assert not Channel.objects.filter(code="tiffin").exists()

    manager.post(pages.adding(Channel), form)
    partner = Channel.objects.get(code="tiffin")
    lock(make_show(standing(2)), partner, 1)
    deletion = manager.post(pages.of(partner, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "is in the ledger: it is kept" in pages.words(deletion)
    assert Channel.objects.filter(code="tiffin").exists()


def test_a_venue_with_shows_is_kept(manager: Client) -> None:
    venue = make_show().venue

    deletion = manager.post(pages.of(venue, "delete"), {"post": "yes", "note": "Not needed."}, follow=True)

    assert "This venue has shows, so it is kept." in pages.words(deletion)
    assert Venue.objects.exists()


def test_nothing_is_deleted_in_bulk(manager: Client) -> None:
    show = make_show()

    manager.post(pages.listing(Show), {"action": "delete_selected", "_selected_action": [show.pk], "post": "yes"})

    assert Show.objects.filter(pk=show.pk).exists()


def test_who_may_only_view_sees_the_catalog_and_changes_nothing(auditor: Client, web: Channel) -> None:
    show = make_show(rows("A", 3))
    of_show = [show, show.venue, show.sections.get(), show.tiers.get(), show.allocations.get(), web]

    for row in of_show:
        assert auditor.get(pages.listing(type(row))).status_code == 200
        assert auditor.get(pages.of(row)).status_code == 200
        assert auditor.get(pages.adding(type(row))).status_code == 403
        assert auditor.post(pages.of(row), {"name": "Mine", "title": "Mine"}).status_code == 403
        assert auditor.post(pages.of(row, "delete"), {"post": "yes", "note": "Not needed."}).status_code == 403
        row.refresh_from_db()
        assert getattr(row, "name", None) != "Mine"
    assert Show.objects.get().title == "Hamlet"


@pytest.mark.parametrize("name", ["auth_user", "auth_group", "django_celery_beat_periodictask"])
def test_people_and_the_engine_room_open(manager: Client, name: str) -> None:
    addresses = [reverse(f"admin:{name}_{verb}") for verb in ("changelist", "add")]

    assert [manager.get(address).status_code for address in addresses] == [200, 200]


@pytest.mark.parametrize("name", ["auth_user", "django_celery_beat_periodictask"])
def test_people_and_the_engine_room_stay_closed_to_an_auditor(auditor: Client, name: str) -> None:
    assert auditor.get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_logging_in_leads_to_the_first_page(transactional_db: None, client: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_superuser("manager", password="x")

    html = client.get(reverse("admin:login")).content.decode()

    assert f'form="login-form" name="next" value="{reverse("admin:index")}"' in html


def test_a_show_is_not_made_in_the_past_nor_moved_there(manager: Client) -> None:
    show = make_show(rows("A", 2))
    form = pages.filled_in(manager.get(pages.of(show)))

    moved = manager.post(pages.of(show), form | {"starts_at_0": "2020-01-01", "starts_at_1": "19:30"})

    assert "A show starts in the future." in pages.words(moved)
    past = show.starts_at - timedelta(days=900)
    Show.objects.update(starts_at=past)
    assert manager.post(pages.of(show), pages.filled_in(manager.get(pages.of(show)), title="Old")).status_code == 302
    assert Show.objects.get().starts_at == past


def test_shows_to_choose_from_bear_their_dates(manager: Client) -> None:
    for nth in (1, 2):
        make_show(slug=f"hamlet-{nth}", starts_at=timezone.now().replace(microsecond=0) + timedelta(nth))
    Show.objects.update(title="Hamlet")

    form = manager.get(pages.adding(Allocation)).context["adminform"].form

    assert len({name for _, name in form.fields["show"].choices if name.startswith("Hamlet, ")}) == 2
