"""What PostgreSQL says of itself: its durability, our role's rights, the triggers that keep the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

OUR_TABLES = ("inventory_place", "inventory_claim", "inventory_movement", "inventory_entry")
REFEREE_TRIGGERS = (
    "place_inserted",
    "place_updated",
    "place_identity_never_changes",
    "place_with_a_history_is_never_deleted",
    "places_are_never_truncated",
    "movements_never_change",
    "entries_never_change",
    "entries_are_written_by_the_trigger",
    "claim_kind_never_changes",
    "claims_are_never_deleted",
    "claim_ends_once",
    "ended_claim_owns_no_place",
    "freeze_waits_for_sales",
    "freeze_rule_waits_for_sales",
    "freezes_are_never_deleted",
    "freeze_thaws_once",
    "ordered_hold_has_no_ladder",
)


def setting(connection: BaseDatabaseWrapper, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def owned_tables(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> list[str]:
    """Those of the tables that the current role owns, itself or through a role it is a member of."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname FROM pg_class
               WHERE relname = ANY(%s) AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                 AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname""",
            [list(tables)],
        )
        return [name for (name,) in cursor.fetchall()]


def writable_entries(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(current_user, 'inventory_entry', 'INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        return bool(cursor.fetchone()[0])


def disabled_or_missing_triggers(connection: BaseDatabaseWrapper, triggers: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS (
                   SELECT FROM pg_trigger WHERE tgname = name AND tgenabled IN ('O', 'A'))""",
            [list(triggers)],
        )
        return [name for (name,) in cursor.fetchall()]
