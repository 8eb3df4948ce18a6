"""Many of what there is one of: rows copied by the thousand, past all triggers, for benchmarks of reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from psycopg import sql

_COLUMNS: LiteralString = """SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"""


def multiply(
    connection: psycopg.Connection[Any], table: str, first: int, many: int, numbered: Mapping[str, int | str]
) -> None:
    """Copy the row `first` of a table so many times. A column in `numbered` is its number there plus the copy's own, or
    its text there with that number behind it.

    Run with `session_replication_role` set to `replica`: no trigger and no foreign key looks at these rows.
    """
    columns = [name for (name,) in connection.execute(_COLUMNS, [table])]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    overrides = sql.SQL(" || ").join(
        sql.SQL("jsonb_build_object({}, {} n)").format(sql.Literal(name), _from(start))
        for name, start in numbered.items()
    )
    connection.execute(
        sql.SQL(
            """INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE
               SELECT {columns} FROM generate_series(1, %(many)s) n CROSS JOIN LATERAL jsonb_populate_record(
                   NULL::{table}, (SELECT to_jsonb(t) FROM {table} t WHERE id = %(first)s) || {overrides}) copied"""
        ).format(table=sql.Identifier(table), columns=listed, overrides=overrides),
        {"many": many, "first": first},
    )


def _from(start: int | str) -> sql.Composed:
    plus = sql.SQL("{}::bigint +") if isinstance(start, int) else sql.SQL("{}::text ||")
    return plus.format(sql.Literal(start))
