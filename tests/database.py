"""The tests' database: made with the program's own roles, and emptied between tests by a superuser.

The program's role can neither truncate nor delete a ledger, so Django's flush cannot serve here.
"""

from __future__ import annotations

import os
import time
from importlib import import_module

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from config.local.roles import prepare_database

SUPERUSER_URL = os.environ.get("DATABASE_SUPERUSER_URL", "")
PREFIX = "test_housefull_"
# What migrations make and no test writes: Django's own, and the roles.
KEPT = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def make_database() -> str:
    """A fresh database of this process's own, migrated by the owner, with the program's role on the connection."""
    name = f"{PREFIX}{os.getpid()}"
    for stale in [name, *_left_by_the_dead()]:
        drop_database(stale)
    prepare_database(SUPERUSER_URL, name)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0, interactive=False)
    return name


def _left_by_the_dead() -> list[str]:
    """Databases of test processes that were killed: their name ends in a process id that no longer runs."""
    with psycopg.connect(SUPERUSER_URL, autocommit=True) as superuser:
        rows = superuser.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"]).fetchall()
    return [name for (name,) in rows if not _is_running(name.removeprefix(PREFIX))]


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def drop_database(name: str) -> None:
    connection.close()
    with psycopg.connect(SUPERUSER_URL, autocommit=True) as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def superuser() -> psycopg.Connection:
    """A connection that no rule binds, to this test's database: for tests that must corrupt something."""
    return psycopg.connect(SUPERUSER_URL, dbname=connection.settings_dict["NAME"])


def program() -> psycopg.Connection:
    """One more connection as the program's own role, to this test's database."""
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])


def owner() -> psycopg.Connection:
    """A connection as the owner of the tables, to this test's database."""
    return psycopg.connect(settings.DATABASE_OWNER_URL, dbname=connection.settings_dict["NAME"])


_emptying: dict[str, psycopg.Connection] = {}


def empty_tables() -> None:
    """Delete every row that a test wrote, and put the reference rows back."""
    name = str(connection.settings_dict["NAME"])
    try:
        _delete_all(name)
    except psycopg.OperationalError:
        # A test has ended it with all others, or it waits for one that a test has left open.
        _emptying.pop(name).close()
        _delete_all(name)
    # One short transaction that waits for no disk: it is made again after every test.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        make_reference_rows()


def _delete_all(name: str) -> None:
    """Over one kept connection, which knows the tables already."""
    if name not in _emptying:
        _emptying[name] = superuser()
    free = _emptying[name]
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    with free.transaction():
        free.execute("SET LOCAL session_replication_role = replica")
        free.execute("SET LOCAL synchronous_commit TO off")
        for table in tables:
            free.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def make_reference_rows() -> None:
    """The rows that migrations make: the channels every house has, the tax categories."""
    make_categories = import_module("ticketing.migrations.0004_categories").make_categories
    channel = apps.get_model("inventory", "Channel")
    channel.objects.create(code="web", name="Web", kind="web", is_capped=True)
    channel.objects.create(code="counter", name="Counter", kind="counter", is_capped=False)
    make_categories(apps.get_model("ticketing", "EventCategory"), apps.get_model("ticketing", "TaxBand"))


def let_others_end(most_s: float = 60) -> None:
    """Wait until no transaction is older than what was written so far, in whatever database of the server.

    A ledger is told up to the oldest transaction that may still write to it, and ids of transactions are the server's:
    a test beside this one, in a database of its own, holds it up.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        ((mine,),) = cursor.fetchall()
        give_up = time.monotonic() + most_s
        while time.monotonic() < give_up:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchall()[0][0] > mine:
                return
            time.sleep(0.01)
    raise TimeoutError(f"A transaction older than {mine} has not ended in {most_s} s.")
