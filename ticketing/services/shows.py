"""A show goes on sale, pauses, closes, or is cancelled; of a cancelled one all money goes back, order by order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from core.refusals import DomainError
from inventory.acts import By
from inventory.models import Show
from inventory.queries import moves
from inventory.services.refusals import ShowUnknown
from ticketing.models import ShowChange
from ticketing.queries import shows
from ticketing.services.cancelling import ReasonMissing, TicketsVoid, refund_order

S = Show.State
CANCELLED = "show_cancelled"
# From which states each is reached. A cancelled show stays cancelled: its tickets are void.
FROM = {
    S.ON_SALE: (S.DRAFT, S.PAUSED, S.CLOSED),
    S.PAUSED: (S.ON_SALE,),
    S.CLOSED: (S.ON_SALE, S.PAUSED),
    S.CANCELLED: (S.DRAFT, S.ON_SALE, S.PAUSED, S.CLOSED),
}
_log = structlog.get_logger(__name__)


class ShowNotReady(DomainError):
    code, message = "show_not_ready", "Something is missing before this show can go on sale."


class ShowStateDiffers(DomainError):
    code, message = "show_state_differs", "The show is in another state meanwhile. Look again."


def publish_show(*, show_id: int, by: By, now: datetime | None = None) -> ShowChange:
    """Put a show on sale, for the first time or again.

    Raises ShowUnknown, ReasonMissing, ShowStateDiffers, and ShowNotReady with `missing`, a list of sentences.
    """
    return _change(show_id, S.ON_SALE, by, now)


def pause_show(*, show_id: int, by: By, now: datetime | None = None) -> ShowChange:
    """Sell nothing for the moment; carts and payments under way may finish. Raises as `publish_show` does."""
    return _change(show_id, S.PAUSED, by, now)


def close_show(*, show_id: int, by: By, now: datetime | None = None) -> ShowChange:
    """Selling is over; what is sold stays so. Raises as `publish_show` does."""
    return _change(show_id, S.CLOSED, by, now)


def cancel_show(*, show_id: int, by: By, gives_back: bool = True, now: datetime | None = None) -> ShowChange:
    """There is no show: nothing is sold any more, money that comes goes back, and of all that came if `gives_back`.

    Raises ShowUnknown, ReasonMissing and ShowStateDiffers.
    """
    return _change(show_id, S.CANCELLED, by, now, gives_back=gives_back)


@transaction.atomic
def _change(show_id: int, state: Show.State, by: By, now: datetime | None, *, gives_back: bool = False) -> ShowChange:
    if not by.reason_code:
        raise ReasonMissing
    # Alone: no sale that has begun slips past.
    moves.seize_show(show_id)
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        raise ShowUnknown(show_id=show_id)
    if show.state not in FROM[state]:
        raise ShowStateDiffers(state=show.state)
    if state == S.ON_SALE and (missing := shows.missing_for_sale(show_id)):
        raise ShowNotReady(missing=missing)
    Show.objects.filter(pk=show_id).update(state=state)
    return ShowChange.objects.create(
        show_id=show_id,
        state=state,
        was=show.state,
        at=now or moves.database_now(),
        actor=by.actor,
        reason_code=by.reason_code,
        note=by.note,
        gives_back=gives_back,
    )


def refund_cancelled_shows(*, most: int = 25, now: datetime | None = None) -> int:
    """Give back the money of paid orders of cancelled shows, each in a transaction of its own; how many orders.

    One that cannot be given back now is met again by the next run, and does not keep the others waiting.
    """
    done = last = 0
    while done < most and (waiting := shows.orders_to_give_back(most - done, after=last)):
        done += sum(_refund(due, now) for due in waiting)
        last = waiting[-1].order_id
    return done


def _refund(due: shows.DueOrder, now: datetime | None) -> bool:
    try:
        refund_order(order_id=due.order_id, by=By(actor=due.actor, reason_code=CANCELLED), now=now)
    except TicketsVoid:
        return False  # somebody was quicker
    except (DomainError, DatabaseError) as error:
        _log.error("not given back yet", order=due.order_id, why=type(error).__name__)
        return False
    return True


def ways(state: str) -> Sequence[Show.State]:
    """The states that a show can go to from this one."""
    return [to for to, froms in FROM.items() if state in froms]
