"""A process refuses to start on a database that could lose or forge the ledger, and says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from core.owner import as_owner
from inventory.referee import faults_of_database, refuse_unsafe_database
from tests.database import owner, superuser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owners_hand() -> Iterator[list[str]]:
    """Statements to run as the owner when the test is over, to mend what it broke."""
    mend: list[str] = []
    yield mend
    with owner() as connected:
        for statement in mend:
            connected.execute(statement)


def test_the_programs_own_connection_may_sell() -> None:
    assert faults_of_database(connection) == []
    refuse_unsafe_database()


def test_a_database_that_forgets_what_it_acknowledged_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        with pytest.raises(ImproperlyConfigured, match="synchronous_commit is off: what was acknowledged"):
            refuse_unsafe_database()
    finally:
        connection.close()


def test_an_isolation_that_hides_what_is_committed_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
    try:
        assert faults_of_database(connection) == [
            "default_transaction_isolation is repeatable read, not read committed: the referee would not see what it "
            "must. Set it back for this role and database."
        ]
    finally:
        connection.close()


def test_a_role_that_owns_the_tables_is_refused() -> None:
    with as_owner():
        faults = faults_of_database(connection)

    assert "inventory_claim, inventory_entry, inventory_movement, inventory_place" in faults[0]
    assert "may write entries" in faults[1]


def test_a_trigger_that_is_off_is_refused(owners_hand: list[str]) -> None:
    owners_hand.append("ALTER TABLE inventory_place ENABLE TRIGGER place_updated")
    with owner() as connected:
        connected.execute("ALTER TABLE inventory_place DISABLE TRIGGER place_updated")

    assert faults_of_database(connection) == [
        "triggers are off or missing: place_updated. Run migrate, or enable them as the owner."
    ]


def test_rights_to_write_entries_are_refused(owners_hand: list[str]) -> None:
    owners_hand.append("REVOKE INSERT ON inventory_entry FROM PUBLIC")
    with owner() as connected:
        connected.execute("GRANT INSERT ON inventory_entry TO PUBLIC")

    assert faults_of_database(connection) == [
        "the program's role may write entries: run migrate as the owner, it takes that right away."
    ]


def test_a_superuser_is_refused() -> None:
    with superuser() as free:
        (name,) = free.execute("SELECT current_user").fetchone() or ("",)
    was = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = name
    try:
        assert any("owns" in fault for fault in faults_of_database(connection))
    finally:
        connection.close()
        connection.settings_dict["USER"] = was
