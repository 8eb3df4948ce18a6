"""`verify_money` finds every kind of damage: the books are harmed as nobody but a superuser could, and it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from psycopg.conninfo import conninfo_to_dict

from tests.database import SUPERUSER_URL
from tests.ticketing.one_of_each import World, make_world
from ticketing.queries.verify import CHECKS, verify_money

pytestmark = pytest.mark.django_db(transaction=True)

DAMAGE: dict[str, list[str]] = {
    "confirmed_orders_are_paid_for": [
        "UPDATE ticketing_payment SET allocated_paise = 1, aside_as = 'review' WHERE id = {cash}",
        "UPDATE ticketing_order SET confirmed_at = NULL, state = 'cancelled' WHERE id = {paid}",
        "UPDATE ticketing_payment SET order_id = {unpaid} WHERE id = {cash}",
    ],
    "an_order_is_the_sum_of_its_lines": [
        "UPDATE ticketing_order SET total_paise = total_paise + 1 WHERE id = {unpaid}",
        "UPDATE ticketing_order SET quantity = 3 WHERE id = {unpaid}",
        "DELETE FROM ticketing_orderline WHERE id = {line}",
    ],
    "what_died_is_what_was_returned": [
        "UPDATE ticketing_order SET returned_paise = 0 WHERE id = {paid}",
        "UPDATE ticketing_ticket SET voided_at = now(), void_reason = 'spilt' WHERE id = {live}",
    ],
    "a_confirmed_order_has_a_ticket_for_each_line": ["DELETE FROM ticketing_ticket WHERE id = {live}"],
    "a_live_ticket_is_of_a_confirmed_order": ["UPDATE ticketing_order SET state = 'cancelled' WHERE id = {paid}"],
    "every_ticket_has_its_place": [
        "UPDATE ticketing_ticket SET sale_id = 0 WHERE id = {live}",
        "UPDATE inventory_place SET status = 'open', claim_id = NULL WHERE status = 'sold'",
    ],
    "every_sold_place_has_its_ticket": [
        "UPDATE ticketing_ticket SET voided_at = now(), void_reason = 'spilt' WHERE id = {live}",
    ],
    "refunds_are_counted_on_their_payment": [
        "UPDATE ticketing_payment SET refunding_paise = 0 WHERE id = {aside}",
        "UPDATE ticketing_refund SET state = 'failed' WHERE id = {refund}",
    ],
    "what_is_owed_is_going_back_or_on_the_work_list": [
        "DELETE FROM ticketing_refund WHERE payment_id = {cash}",
        "UPDATE ticketing_refund SET amount_paise = 1 WHERE payment_id = {cash}",
    ],
    "no_part_gives_back_more_than_it_has": [
        "UPDATE ticketing_refund SET of_aside = true WHERE payment_id = {cash}",
        "UPDATE ticketing_refund SET of_aside = false WHERE id = {refund}",
    ],
    "documents_are_numbered_without_a_gap": [
        "UPDATE ticketing_documentseries SET last = 2 WHERE id = {series}",
        "UPDATE ticketing_document SET serial = 2 WHERE id = {document}",
        "DELETE FROM ticketing_document WHERE id = {document}",
    ],
    "a_document_is_the_sum_of_its_lines": ["UPDATE ticketing_document SET amount_paise = 1 WHERE id = {document}"],
    "what_was_sold_has_its_document": [
        "UPDATE ticketing_order SET is_document_due = false WHERE id = {paid};"
        "UPDATE ticketing_document SET order_id = {unpaid} WHERE id = {document}",
    ],
    "no_more_is_credited_than_was_sold": [
        "INSERT INTO ticketing_document (series_id, serial, number, kind, order_id, refund_id, amount_paise, issued_at,"
        " says) SELECT series_id, 2, 'MUM/2', 'credit_note', order_id, {refund}, 236001, issued_at, says"
        " FROM ticketing_document WHERE id = {document}",
    ],
    # Sums over everything, and so not among the checks row by row.
    "the_money_identity": [
        "UPDATE ticketing_payment SET allocated_paise = 1, aside_as = 'review' WHERE id = {cash}",
        "UPDATE ticketing_order SET total_paise = total_paise + 1 WHERE id = {paid}",
    ],
    "the_work_list_names_all_that_is_open": [
        "UPDATE ticketing_refund SET amount_paise = 118001 WHERE id = {refund}",
    ],
}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@contextmanager
def as_a_superuser() -> Iterator[None]:
    """Everything inside is done over a connection that no rule binds, and undone."""
    told = conninfo_to_dict(SUPERUSER_URL)
    named = {
        "HOST": told["host"],
        "PORT": told.get("port", ""),
        "USER": told["user"],
        "PASSWORD": told.get("password", ""),
    }
    program = connections["default"]
    free = connections["default"] = program.copy()
    free.settings_dict |= named
    try:
        with transaction.atomic():
            run("SET LOCAL session_replication_role = replica")
            yield
            transaction.set_rollback(True)
    finally:
        free.close()
        connections["default"] = program


def damage(world: World, statements: str) -> None:
    named = {name: getattr(world, name).pk for name in World.__dataclass_fields__}
    for one in statements.format(**named).split(";"):
        run(one)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_untouched_books_have_no_difference_and_the_identity_holds(world: World) -> None:
    report = verify_money()

    assert (report.is_sound, report.differences) == (True, [])
    assert report.received == {"cash": 236_000, "gateway": 118_000}
    assert (report.confirmed, report.aside) == (236_000, {"surplus": 118_000})
    assert (report.returned_orders, report.returned_aside) == (0, 0)
    # 118,000 of the dead ticket and 18,000 of the surplus are going; 100,000 of it waits for somebody.
    assert (report.on_the_way, report.open_work) == (136_000, 236_000)


def test_every_check_is_shown_to_fail() -> None:
    assert set(CHECKS) <= set(DAMAGE)


def test_damage_is_found_and_named(world: World) -> None:
    for check, statements in DAMAGE.items():
        for statement in statements:
            with as_a_superuser():
                damage(world, statement)
                differences = verify_money().differences
            assert check in {difference.check for difference in differences}, statement
            assert all(difference.about and difference.says for difference in differences)
    assert verify_money().is_sound


# The command -------------------------------------------------------------------------------------------------------


def test_the_command_says_what_adds_up(world: World) -> None:
    out = StringIO()
    call_command("verify_money", stdout=out)

    assert out.getvalue().splitlines() == [
        "received   ₹3,540.00 = ₹2,360.00 cash + ₹1,180.00 gateway",
        "           = ₹2,360.00 confirmed orders + ₹1,180.00 surplus set aside",
        "refunded   ₹0.00 of orders, ₹0.00 of money set aside",
        "under way  ₹1,360.00 of refunds; work-list ₹2,360.00",
        "sound",
    ]


def test_the_command_prints_one_json_object_and_fails_on_a_difference(world: World) -> None:
    out = StringIO()
    with as_a_superuser():
        damage(world, DAMAGE["an_order_is_the_sum_of_its_lines"][0])
        with pytest.raises(CommandError) as failed:
            call_command("verify_money", "--json", stdout=out)

    assert failed.value.returncode == 1
    (difference,) = json.loads(out.getvalue())["differences"]
    assert difference["check"] == "an_order_is_the_sum_of_its_lines"
    assert difference["about"] == f"order {world.unpaid.pk}"
