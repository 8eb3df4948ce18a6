"""However much there is: three rows take as many queries as one, and counting stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.admin import CappedPaginator
from inventory.acts import Seats
from inventory.admin import tables
from inventory.models import Channel, Claim, Entry, Hold, Movement, Place, Show
from inventory.services.holds import place_hold
from tests.houses import MANAGER, make_show, rows, seat, standing
from tests.inventory.admin import pages


def hold(show: Show, *labels: str) -> Hold:
    wanted = Seats([seat(show, label).pk for label in labels])
    return place_hold(show_id=show.pk, wanted=wanted, purpose="sponsor", party="Peacock Paints", by=MANAGER)


@pytest.mark.parametrize("model", [Place, Claim, Movement, Entry])
def test_three_rows_take_as_many_queries_as_one(
    manager: Client, model: type[Model], django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_show(rows("A", 3))
    other = make_show(rows("A", 1), slug="othello")
    one_row = {
        Place: f"?show={other.pk}",
        Claim: f"?show={show.pk}&kind=hold",
        Movement: f"?show={show.pk}&verb=place_hold",
        Entry: f"?show={show.pk}&verb=place_hold",
    }
    three_rows = one_row | {Place: f"?show={show.pk}"}
    hold(other, "A-1")
    hold(show, "A-1")
    manager.get(pages.listing(model, one_row[model]))
    with CaptureQueriesContext(connection) as for_one:
        assert len(pages.rows(manager.get(pages.listing(model, one_row[model])))) == 1
    hold(show, "A-2")
    hold(show, "A-3")

    with django_assert_num_queries(len(for_one)):
        assert len(pages.rows(manager.get(pages.listing(model, three_rows[model])))) == 3


@pytest.mark.parametrize("kind", ["history", "places", "entries"])
def test_what_hangs_below_a_fact_takes_as_many_queries_for_three_rows_as_for_one(
    web: Channel, kind: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    show = make_show(rows("A", 4))
    one, three = hold(show, "A-1"), hold(show, "A-2", "A-3", "A-4")

    def below(held: Hold) -> tables.Table:
        if kind == "history":
            return tables.history_of(held.claim.places.order_by("pk")[0])
        return tables.places_of(held.claim) if kind == "places" else tables.entries_of(held.claim.movements.get())

    with CaptureQueriesContext(connection) as for_one:
        below(one)
    with django_assert_num_queries(len(for_one)):
        assert below(three)["table"]["rows"]


def test_counting_stops_at_the_paginators_most(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedPaginator, "most", 3)
    show = make_show(standing(5))

    text = pages.words(manager.get(pages.listing(Place, f"?show={show.pk}")))

    assert "the first 3 places" in text


def test_the_second_page_goes_on_where_the_first_one_ended(manager: Client) -> None:
    show = make_show(standing(60))

    first, second = (
        [place.number for place in pages.rows(manager.get(pages.listing(Place, f"?show={show.pk}&p={number}")))]
        for number in (1, 2)
    )

    assert first + second == [str(number) for number in range(1, 61)]
