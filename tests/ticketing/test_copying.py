"""Another performance: the house, its slices, rules, terms and prices again, and nothing that was sold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.refusals import DomainError
from inventory.acts import By, Seats
from inventory.models import Allocation, AllocationChannel, Channel, FreezeRule, Place, ReleaseStep, Show
from inventory.queries.houses import house_of
from inventory.queries.verify import verify
from inventory.services.allocations import allocate_places
from inventory.services.holds import place_hold
from inventory.services.releases import run_due_releases
from tests.houses import make_show, rows
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.models import Order, Price, Terms
from ticketing.services.copying import copy_priced_show

pytestmark = pytest.mark.django_db(transaction=True)
BY = By(actor="user:1")


@pytest.fixture
def show(transactional_db: None) -> Show:
    """Eight seats, three of them the counter's from a day before the show, with a ladder and a rule."""
    show = make_priced_show(rows("AB", 4), terms={"tickets_per_contact": 3}, cap_per_session=7)
    slice_ = Allocation.objects.create(show=show, name="Counter slice", closes_at=show.starts_at - timedelta(hours=1))
    AllocationChannel.objects.create(
        allocation=slice_, channel=Channel.objects.get(code="counter"), opens_at=show.starts_at - timedelta(days=1)
    )
    seats = list(show.places.order_by("pk").values_list("pk", flat=True)[:3])
    allocate_places(allocation_id=slice_.pk, wanted=Seats(seats), by=BY)
    ReleaseStep.objects.create(show=show, allocation=slice_, at=show.starts_at - timedelta(hours=2), share_percent=50)
    FreezeRule.objects.create(show=show, tier=show.tiers.get(), margin=2)
    return show


def copied(show: Show, **changes: object) -> Show:
    what = {"title": "Hamlet again", "slug": "again", "starts_at": show.starts_at + timedelta(days=7)} | changes
    return copy_priced_show(show_id=show.pk, by=BY, **what)  # type: ignore[arg-type]


def test_a_copy_is_a_draft_with_the_same_house_limits_terms_and_prices(show: Show) -> None:
    copy = copied(show)

    assert (copy.state, copy.title, copy.slug, copy.cap_per_session) == ("draft", "Hamlet again", "again", 7)
    assert house_of(copy.pk) == house_of(show.pk)
    assert Terms.objects.get(show=copy).tickets_per_contact == 3
    assert Price.objects.get(tier__show=copy).paise == Price.objects.get(tier__show=show).paise
    assert verify(copy).is_sound


def test_slices_ladders_and_rules_keep_their_distance_from_the_show(show: Show) -> None:
    copy = copied(show)

    slice_ = Allocation.objects.get(show=copy, is_pool=False)
    step, rule = ReleaseStep.objects.get(show=copy), FreezeRule.objects.get(show=copy)
    labels = Place.objects.filter(allocation=slice_).order_by("rank").values_list("row", "number")
    assert (slice_.name, slice_.closes_at) == ("Counter slice", copy.starts_at - timedelta(hours=1))
    assert list(labels) == [("A", "1"), ("A", "2"), ("A", "3")]
    assert slice_.openings.get().opens_at == copy.starts_at - timedelta(days=1)
    assert (step.allocation, step.at, step.share_percent) == (slice_, copy.starts_at - timedelta(hours=2), 50)
    assert (rule.tier, rule.margin) == (copy.tiers.get(), 2)


def test_a_pool_that_opens_later_for_a_channel_does_so_for_the_copy_as_long_before_it(show: Show) -> None:
    web, opens_at = Channel.objects.get(code="web"), show.starts_at - timedelta(days=3)
    AllocationChannel.objects.create(allocation=show.allocations.get(is_pool=True), channel=web, opens_at=opens_at)

    copy = copied(show)

    opening = AllocationChannel.objects.get(allocation__show=copy, allocation__is_pool=True)
    assert (opening.channel, opening.opens_at) == (web, copy.starts_at - timedelta(days=3))


def test_what_was_sold_held_or_given_back_is_not_copied(show: Show) -> None:
    sold(show, 2)
    last = show.places.order_by("-pk").values_list("pk", flat=True)[:1]
    place_hold(show_id=show.pk, wanted=Seats(list(last)), purpose="press", party="Daily", by=BY)

    copy = copied(show)

    assert set(copy.places.values_list("status", flat=True)) == {"open"}
    assert not Order.objects.filter(show=copy).exists()
    assert_books_are_true()


def test_a_slice_is_copied_as_it_was_cut_though_its_places_went_back(show: Show) -> None:
    slice_ = Allocation.objects.get(show=show, is_pool=False)
    Allocation.objects.filter(pk=slice_.pk).update(closes_at=None)
    ReleaseStep.objects.update(at=show.starts_at - timedelta(days=3650))

    run_due_releases(show_id=show.pk)
    assert Place.objects.filter(allocation=slice_).count() < 3

    copy = copied(show)

    assert Place.objects.filter(show=copy, allocation__name="Counter slice").count() == 3
    assert not ReleaseStep.objects.filter(show=copy).exists()  # its moment would be past


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"slug": "hamlet"}, "slug_taken"), ({"starts_at": "past"}, "time_invalid")],
)
def test_a_copy_that_cannot_be_is_refused_whole(show: Show, changes: dict[str, object], code: str) -> None:
    if "starts_at" in changes:
        changes = {"starts_at": show.starts_at - timedelta(days=3650)}

    with pytest.raises(DomainError) as refused:
        copied(show, **changes)

    assert refused.value.code == code
    assert Show.objects.count() == 1


def test_a_show_without_a_house_is_not_copied(transactional_db: None) -> None:
    with pytest.raises(DomainError) as refused:
        copied(make_show(slug="empty"))

    assert refused.value.code == "manifest_empty"
    assert Show.objects.count() == 1


def test_a_show_that_is_sold_for_no_money_yet_is_copied_without(transactional_db: None) -> None:
    copy = copied(make_show(rows("A", 2)))

    assert (copy.places.count(), Terms.objects.count(), Price.objects.count()) == (2, 0, 0)
