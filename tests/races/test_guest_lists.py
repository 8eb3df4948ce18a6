"""One guest list, two hands: the same file pressed twice at once is issued once, and places go to one guest each."""

from __future__ import annotations

import threading

import pytest

from inventory.acts import By
from tests.houses import rows, seat, statuses
from tests.races.together import naive_stock, refused, run, succeeded, together
from tests.ticketing.books import assert_books_are_true, make_priced_show
from ticketing.models import GuestList
from ticketing.services.giving import Gift
from ticketing.services.guests import Invited, issue_guest_list

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.mark.parametrize(("apart", "refusals"), [(True, {"ListKnown"}), (False, {"ListKnown", "PlacesTaken"})])
def test_the_same_file_issued_twice_at_once_is_issued_once(apart: bool, refusals: set[str]) -> None:
    for round_ in range(ROUNDS):
        show = make_priced_show(rows("A", 8), slug=f"round-{round_}")
        ids = [seat(show, f"A-{n}").pk for n in range(1, 9)]

        def act(number: int, show_id: int = show.pk, ids: list[int] = ids) -> GuestList:
            first = 4 * number if apart else 0
            guests = [Invited(Gift([ids[first + nth]], "press", f"Guest {nth}"), row=nth + 2) for nth in range(4)]
            by = By(actor=f"user:{number}", reason_code="promotion")
            return issue_guest_list(show_id=show_id, title="First night", digest="a" * 64, guests=guests, by=by)

        results = together(2, act)

        assert len(succeeded(results)) == 1
        assert set(refused(results)) <= refusals
        assert statuses(show) == {"sold": 4, "open": 4}
        assert GuestList.objects.filter(show=show).count() == 1
    assert_books_are_true()


def test_control_two_who_look_whether_a_file_is_known_and_then_issue_it_issue_it_twice(transactional_db: None) -> None:
    looked = threading.Barrier(2)

    def act(number: int) -> bool:
        is_known = run("SELECT FROM naive_place WHERE owner = 'list'") != []
        looked.wait(10)
        if not is_known:
            run("UPDATE naive_place SET owner = 'list' WHERE id = %s", number + 1)
        return not is_known

    with naive_stock(2):
        assert together(2, act) == [True, True]
        assert run("SELECT count(*) FROM naive_place WHERE owner = 'list'") == [(2,)]
