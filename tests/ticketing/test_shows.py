"""A show's life: on sale, paused, closed, cancelled; and the money of a cancelled one goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError

from core.refusals import DomainError
from inventory.acts import Best, By
from inventory.models import Channel, Place, Show
from inventory.services.locking import lock_places
from tests.database import superuser
from tests.houses import make_show, rows
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import assert_books_are_true, make_priced_show, order, state_of
from ticketing.models import Letter, Refund, ShowChange, Terms, Ticket
from ticketing.services.shows import (
    ShowNotReady,
    cancel_show,
    close_show,
    pause_show,
    publish_show,
    refund_cancelled_shows,
)

pytestmark = pytest.mark.django_db(transaction=True)
MANAGER = By(actor="user:1", reason_code="organiser_request", note="They rang.")


@pytest.fixture
def draft() -> Show:
    show = make_priced_show()
    Show.objects.update(state="draft")
    return show


def state(show: Show) -> str:
    return str(Show.objects.values_list("state", flat=True).get(pk=show.pk))


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


def test_a_show_goes_on_sale_pauses_goes_on_and_closes_and_each_step_is_kept(draft: Show) -> None:
    for verb in (publish_show, pause_show, publish_show, close_show, publish_show):
        verb(show_id=draft.pk, by=MANAGER)

    steps = ShowChange.objects.order_by("pk").values_list("was", "state")
    assert list(steps) == [
        ("draft", "on_sale"), ("on_sale", "paused"), ("paused", "on_sale"), ("on_sale", "closed"),
        ("closed", "on_sale"),
    ]  # fmt: skip
    last = ShowChange.objects.latest("pk")
    assert (last.actor, last.reason_code, last.note) == ("user:1", "organiser_request", "They rang.")
    assert lock_places(
        show_id=draft.pk, channel_id=Channel.objects.get(code="web").pk, wanted=Best(2), by=By(actor="session:1")
    )


@pytest.mark.parametrize(
    ("verb", "before"),
    [
        (publish_show, "on_sale"), (publish_show, "cancelled"), (pause_show, "draft"), (pause_show, "closed"),
        (close_show, "draft"), (close_show, "closed"), (cancel_show, "cancelled"),
    ],
)  # fmt: skip
def test_a_step_that_does_not_fit_is_refused_and_nothing_changes(draft: Show, verb: object, before: str) -> None:
    Show.objects.update(state=before)

    with pytest.raises(DomainError) as refused:
        verb(show_id=draft.pk, by=MANAGER)  # type: ignore[operator]

    assert (code_of(refused), state(draft), ShowChange.objects.count()) == ("show_state_differs", before, 0)


def test_without_a_reason_or_of_no_show_nothing_happens(draft: Show) -> None:
    with pytest.raises(DomainError) as without:
        publish_show(show_id=draft.pk, by=By(actor="user:1"))
    with pytest.raises(DomainError) as unknown:
        publish_show(show_id=0, by=MANAGER)

    assert (code_of(without), code_of(unknown), state(draft)) == ("reason_missing", "show_unknown", "draft")


def test_a_show_that_lacks_something_is_not_put_on_sale_and_says_all_it_lacks(transactional_db: None) -> None:
    show = make_show(rows("A", 4), state="draft")

    with pytest.raises(ShowNotReady) as refused:
        publish_show(show_id=show.pk, by=MANAGER)

    assert refused.value.facts["missing"] == [
        "It has no terms yet: by whom it is sold and how it is taxed.",
        "No price is set for Gold.",
    ]
    assert state(show) == "draft"


def test_neither_is_one_without_a_house_or_one_that_has_begun(draft: Show) -> None:
    Show.objects.update(manifest_version=0, starts_at=draft.starts_at - timedelta(days=3650))

    with pytest.raises(ShowNotReady) as refused:
        publish_show(show_id=draft.pk, by=MANAGER)

    assert refused.value.facts["missing"] == [
        "It has no house yet: load a manifest.",
        "It has begun already: see when it starts.",
    ]


def test_what_was_decided_cannot_be_rewritten(draft: Show) -> None:
    publish_show(show_id=draft.pk, by=MANAGER)

    with pytest.raises(ProgrammingError, match="permission denied"):
        ShowChange.objects.update(reason_code="another")
    with pytest.raises(ProgrammingError, match="permission denied"):
        ShowChange.objects.all().delete()


# Cancelled ------------------------------------------------------------------------------------------------------------


def test_of_a_cancelled_show_every_paid_order_is_given_back_once(transactional_db: None) -> None:
    show, another = make_priced_show(rows("ABC", 8)), make_priced_show(slug="another")
    paid = [sold(show), sold(show, 1, contact="ann@example.com")]
    waiting, elsewhere = order(show, 1).order_id, sold(another)

    cancel_show(show_id=show.pk, by=MANAGER)

    assert [refund_cancelled_shows(most=1) for _ in range(4)] == [1, 1, 0, 0]
    assert sorted(Refund.objects.values_list("order_id", "amount_paise", "reason_code", "actor")) == [
        (paid[0].pk, 236_000, "show_cancelled", "user:1"),
        (paid[1].pk, 118_000, "show_cancelled", "user:1"),
    ]
    assert not Ticket.objects.filter(show=show, voided_at=None).exists()
    assert Letter.objects.filter(kind="refund", order__show=show).count() == 2
    assert (state_of(waiting), Ticket.objects.filter(order=elsewhere, voided_at=None).count()) == (
        "awaiting_payment",
        2,
    )
    assert_books_are_true()


def test_an_order_that_cannot_be_given_back_now_keeps_no_other_waiting_and_is_met_again(transactional_db: None) -> None:
    show = make_priced_show()
    stuck, other = sold(show, 1), sold(show, 1)
    cancel_show(show_id=show.pk, by=MANAGER)
    with superuser() as free:
        free.execute(f"ALTER TABLE ticketing_refund ADD CONSTRAINT a_bug CHECK (order_id <> {stuck.pk}) NOT VALID")
    try:
        assert [refund_cancelled_shows(most=1) for _ in range(2)] == [1, 0]
    finally:
        with superuser() as free:
            free.execute("ALTER TABLE ticketing_refund DROP CONSTRAINT a_bug")

    assert list(Refund.objects.values_list("order_id", flat=True)) == [other.pk]
    assert Ticket.objects.filter(order=stuck, voided_at=None).count() == 1
    assert refund_cancelled_shows(most=1) == 1
    assert_books_are_true()


def test_a_show_that_is_held_another_time_keeps_the_money(transactional_db: None) -> None:
    show = make_priced_show()
    sold(show)

    cancel_show(show_id=show.pk, by=MANAGER, gives_back=False)

    assert refund_cancelled_shows() == 0
    assert Ticket.objects.filter(voided_at=None).count() == 2
    assert_books_are_true()


def test_nothing_more_is_sold_of_a_cancelled_show_and_an_unpaid_order_cannot_be_paid(transactional_db: None) -> None:
    show = make_priced_show()
    cancel_show(show_id=show.pk, by=MANAGER)

    with pytest.raises(DomainError) as refused:
        order(show, 1)

    assert code_of(refused) == "show_not_on_sale"
    assert not Place.objects.exclude(status="open").exists()


def test_terms_are_kept_with_a_cancelled_show(transactional_db: None) -> None:
    show = make_priced_show()
    cancel_show(show_id=show.pk, by=MANAGER)

    assert Terms.objects.filter(show=show).exists()
    assert ShowChange.objects.get().gives_back
