"""Is this database fit to keep the ledger? Asked at every start; a process refuses to run on one that is not."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from inventory.queries.referee import (
    OUR_TABLES,
    REFEREE_TRIGGERS,
    disabled_or_missing_triggers,
    owned_tables,
    setting,
    writable_entries,
)

NEEDED = {"session_replication_role": "origin", "default_transaction_isolation": "read committed"}


def faults_of_database(connection: BaseDatabaseWrapper) -> list[str]:
    """Why this connection must not sell, one sentence each; empty when it may.

    Durability (`fsync`, `synchronous_commit`), the role (owns no table, cannot write entries), and the triggers
    (all there, all on).
    """
    faults = [
        f"{name} is off: what was acknowledged could be lost. Set it on."
        for name in ("fsync", "synchronous_commit", "full_page_writes")
        if setting(connection, name) == "off"
    ]
    faults += [
        f"{name} is {value}, not {needed}: the referee would not see what it must. "
        "Set it back for this role and database."
        for name, needed in NEEDED.items()
        if (value := setting(connection, name)) != needed
    ]
    owned = owned_tables(connection, OUR_TABLES)
    if owned:
        faults.append(
            f"the program's role owns {', '.join(owned)}: it could switch the referee off. "
            "Connect as a role of its own (DATABASE_URL), and migrate as the owner (DATABASE_OWNER_URL)."
        )
    if writable_entries(connection):
        faults.append("the program's role may write entries: run migrate as the owner, it takes that right away.")
    missing = disabled_or_missing_triggers(connection, REFEREE_TRIGGERS)
    if missing:
        faults.append(f"triggers are off or missing: {', '.join(missing)}. Run migrate, or enable them as the owner.")
    return faults


def refuse_unsafe_database() -> None:
    """Raise `ImproperlyConfigured` with every fault, before the process serves anything."""
    faults = faults_of_database(connection)
    connection.close()
    if faults:
        raise ImproperlyConfigured("This database cannot keep the ledger safe:\n- " + "\n- ".join(faults))
