"""What PostgreSQL refuses about money: each rule is broken by plain SQL, under the program's own role."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from core.refusals import broken_rule
from inventory.services.locks import commit_lock
from tests.database import owner, superuser
from tests.ticketing.books import BUYER, assert_books_are_true
from tests.ticketing.breaks import BREAKS, another, change
from tests.ticketing.one_of_each import World, make_world
from ticketing.models import OrderContact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


# Of catalogues, and broken beside what they are about.
ELSEWHERE = {
    "contact_erasures_stay", "exempt_band_has_no_rate", "gst_status_is_known", "late_money_rule_is_known",
    "local_tax_has_one_rate_a_day", "local_tax_rate_is_at_most_the_price", "seller_code_fits_a_number",
    "seller_has_a_gstin_exactly_if_registered", "seller_keeps_its_code", "tax_band_is_there_once", "tax_basis_is_known",
    "tax_rate_is_at_most_the_price",
}  # fmt: skip
# What another rule implies; triggers that count, and names under which a rule of another name is looked at.
OTHER_NAMES = {
    "order_total_is_not_negative",
    "refund_counted", "refunding_begins_at_nothing", "allocated_money_pays_for_a_confirmed_order",
    "reallocated_money_pays_for_a_confirmed_order",
}  # fmt: skip
# What is kept: table, and the rule of whoever would delete from it.
KEPT = {
    "guestlist": "guest_lists_stay",
    "guest": "guests_stay",
    "complimentary": "complimentary_is_kept_as_given",
    "price": "prices_never_change",
    "priceexception": "price_exceptions_stay",
    "order": "orders_are_never_deleted",
    "orderline": "lines_never_change",
    "payment": "payments_are_never_deleted",
    "refund": "refunds_are_never_deleted",
    "ticket": "tickets_are_never_deleted",
    "document": "documents_never_change",
    "documentseries": "document_series_stay",
}


def rule_of(statement: str) -> str:
    """The name of the rule that refused the statement, by its end or at its commit; '' where it was let through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return broken_rule(error)
    return ""


def test_each_rule_refuses_by_its_name(world: World) -> None:
    """One house for all of them: each statement is refused, and so leaves it as it was for the next."""
    said = {
        (rule, number): rule_of(breaks(world))
        for rule, statements in BREAKS.items()
        for number, breaks in enumerate(statements)
    }

    assert {key: name for key, name in said.items() if name != key[0]} == {}
    assert_books_are_true()


def test_every_named_rule_is_broken_here(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint
               WHERE conrelid::regclass::text LIKE 'ticketing\\_%' AND contype IN ('c', 'u')
               UNION SELECT indexrelid::regclass::text FROM pg_index
               WHERE indrelid::regclass::text LIKE 'ticketing\\_%' AND indisunique AND NOT indisprimary
               UNION SELECT tgname FROM pg_trigger
               WHERE tgrelid::regclass::text LIKE 'ticketing\\_%' AND NOT tgisinternal"""
        )
        named = {name for (name,) in cursor.fetchall() if not name.startswith("ticketing_")}

    assert named - OTHER_NAMES <= set(BREAKS) | set(KEPT.values()) | ELSEWHERE
    # Said by triggers that bear the name of another rule.
    assert (set(BREAKS) | ELSEWHERE) - named == {
        "refund_stays_within_its_part",
        "reseated_ticket_follows_a_void_one",
        "ticket_is_of_a_confirmed_order",
    }


def test_a_state_that_is_none_is_not_even_inserted(world: World) -> None:
    """Triggers would be quicker to say so; so they are out of the way here."""
    with superuser() as free:
        for table, row, rule in (
            ("ticketing_order", world.unpaid, "order_state_is_known"),
            ("ticketing_payment", world.pending, "payment_state_is_known"),
        ):
            with pytest.raises(psycopg.errors.CheckViolation) as refused, free.transaction():
                free.execute("SET LOCAL session_replication_role = replica")
                free.execute(f"UPDATE {table} SET state = 'odd' WHERE id = %s", [row.pk])
            assert refused.value.diag.constraint_name == rule


def test_a_ticket_for_an_order_that_is_not_paid_is_not_issued(world: World) -> None:
    """Its places are sold already, by whatever slip, and its money is not there."""
    sale = commit_lock(claim_id=world.unpaid.lock_id, by=BUYER)
    statement = another(
        world.live, order_id=f"{world.unpaid.pk}", line_id=f"{world.line.pk}", place_id=f"{world.line.place_id}",
        sale_id=f"{sale.pk}",
    )  # fmt: skip

    assert rule_of(statement) == "ticket_is_of_a_confirmed_order"


@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
def test_the_program_may_not_delete_what_is_kept_and_the_owners_slip_is_refused(world: World, verb: str) -> None:
    for table, rule in KEPT.items():
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"{verb} ticketing_{table}")
        cascade = " CASCADE" if verb == "TRUNCATE" else ""
        with owner() as owning, pytest.raises(psycopg.errors.CheckViolation) as refused:
            owning.execute(f"{verb} ticketing_{table}{cascade}")
        named = refused.value.diag.constraint_name
        assert named == rule or (cascade and named in KEPT.values())


def test_what_may_change_still_does(world: World) -> None:
    """The rules are not simply always in the way."""
    for statement in (
        change(world.unpaid, state="'expired'", ended_at="now()"),
        change(world.unpaid, state="'cancelled'"),
        change(world.pending, state="'lapsed'"),
        change(world.pending, state="'failed'"),
        change(world.pending, state="'authorized'"),
        change(world.refund, state="'submitted'"),
        change(world.refund, state="'processed'"),
        change(world.exception, ends_at="ends_at - interval '1 day'"),
        f"UPDATE ticketing_ordercontact SET contact = 'erased' WHERE order_id = {world.paid.pk}",
    ):
        assert rule_of(statement) == ""
    assert OrderContact.objects.get(order=world.paid).contact == "erased"
