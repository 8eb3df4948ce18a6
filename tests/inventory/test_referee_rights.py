"""What nobody may touch: the program's role has no right to it, and the owner's slip is refused by name."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection

from inventory.models import Show
from inventory.queries.referee import writable_entries
from tests.database import owner
from tests.houses import make_show, rows
from tests.inventory.plain_sql import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def show(transactional_db: None) -> Show:
    return make_show(rows("A", 6))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, to_allocation, to_tier)"
        " VALUES (1, 1, '', 'open', 1, 1)",
        "UPDATE inventory_entry SET to_status = 'sold'",
        "DELETE FROM inventory_entry",
        "TRUNCATE inventory_entry",
        "UPDATE inventory_movement SET actor = 'nobody'",
        "DELETE FROM inventory_movement",
        "TRUNCATE inventory_movement",
        "TRUNCATE inventory_place",
        "TRUNCATE inventory_claim",
    ],
)
def test_the_program_may_not_touch_what_is_written(show: Show, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table inventory_"):
        run(statement)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (
            "INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, to_allocation, to_tier)"
            " VALUES (1, 1, '', 'open', 1, 1)",
            "entries_are_written_by_the_trigger",
        ),
        ("UPDATE inventory_entry SET to_status = 'sold'", "entries_never_change"),
        ("DELETE FROM inventory_entry", "entries_never_change"),
        ("TRUNCATE inventory_entry", "entries_never_change"),
        ("UPDATE inventory_movement SET actor = 'nobody'", "movements_never_change"),
        ("DELETE FROM inventory_movement", "movements_never_change"),
        ("TRUNCATE inventory_place CASCADE", "places_are_never_truncated"),
        ("TRUNCATE inventory_claim CASCADE", "claims_are_never_deleted"),
    ],
)
def test_even_the_owners_slip_is_refused_by_name(show: Show, statement: str, rule: str) -> None:
    with owner() as connected, pytest.raises(psycopg.errors.CheckViolation) as refused:
        connected.execute(statement)

    assert refused.value.diag.constraint_name == rule


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE inventory_place DISABLE TRIGGER place_updated",
        "ALTER TABLE inventory_place DISABLE TRIGGER ALL",
        "DROP TRIGGER place_updated ON inventory_place",
        "DROP TABLE inventory_entry",
        "ALTER TABLE inventory_place DROP CONSTRAINT place_open_exactly_without_claim",
        "SET session_replication_role = replica",
        "SET ROLE housefull_owner",
        "CREATE TABLE mine (id bigint)",
        "CREATE OR REPLACE FUNCTION inventory_is_legal(verb text, was text, becomes text) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'",
    ],
)
def test_the_program_cannot_switch_the_referee_off(show: Show, statement: str) -> None:
    refusal = "must be owner|permission denied"
    with pytest.raises(DatabaseError, match=refusal):
        run(statement)


def test_the_program_cannot_grant_itself_entries(show: Show) -> None:
    run("GRANT INSERT ON inventory_entry TO current_user")  # PostgreSQL only warns

    assert not writable_entries(connection)


def test_the_program_cannot_borrow_the_triggers_hand(show: Show) -> None:
    """The trigger writes entries with its owner's rights: hung on a table of one's own it would write anything."""
    run("CREATE TEMP TABLE fake (LIKE inventory_place)")
    with pytest.raises(ProgrammingError, match="permission denied for function inventory_place_inserted"):
        run(
            "CREATE TRIGGER t AFTER INSERT ON fake REFERENCING NEW TABLE AS new_places"
            " FOR EACH STATEMENT EXECUTE FUNCTION inventory_place_inserted()"
        )
    run("DROP TABLE fake")
