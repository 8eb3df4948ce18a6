"""The two database roles: the owner migrates, the program works. Here one stands in for the other for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

_LIBPQ = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def program_role() -> str:
    """The name of the program's own role: the user of `DATABASE_URL`, also while the owner stands in."""
    return str(settings.PROGRAM_ROLE)


def quoted(role: str) -> str:
    """A role's name as it stands in a GRANT."""
    return sql.Identifier(role).as_string(None)


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, the default connection is the owner's (`DATABASE_OWNER_URL`), on the same database.

    Without that setting nothing changes: the connection is then taken to be an owner's already.
    """
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    owner = conninfo_to_dict(settings.DATABASE_OWNER_URL)
    was: dict[str, Any] = {key: connection.settings_dict[key] for key in _LIBPQ}
    connection.close()
    connection.settings_dict.update({key: str(owner.get(libpq) or "") for key, libpq in _LIBPQ.items()})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(was)


def grant_future_tables() -> None:
    """What the owner makes from now on, the program may read and write; migrations take away what they must."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        role = program_role()
        if owner == role:
            return
        for rights, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
            cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {things} TO {quoted(role)}")
