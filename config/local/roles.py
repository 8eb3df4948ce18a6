"""Two roles: the owner migrates; the program reads and writes rows, owns no table and so can change no rule.

Everything here may be run again. What a migration takes from the program (the right to insert entries, say) is not
given back: rights are given to tables yet to be made, never to those that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.local.console import CannotStart

OWNER = "housefull_owner"
PROGRAM = "housefull_program"
# Parallel test workers prepare at the same time, and roles belong to the whole cluster.
_LOCK = 0x686F757365


@contextmanager
def _alone(conninfo: str) -> Iterator[psycopg.Connection]:
    """A connection in autocommit, while nobody else prepares over the same database."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


def _run(connection: psycopg.Connection, statement: LiteralString, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    connection.execute(sql.SQL(statement).format(**identifiers))


def _has(connection: psycopg.Connection, question: LiteralString, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None


def _has_role(connection: psycopg.Connection, name: str) -> bool:
    return _has(connection, "SELECT FROM pg_roles WHERE rolname = %s", name)


def prepare_roles(superuser_conninfo: str) -> None:
    """Make the two roles of a cluster of our own, where the private socket stands for a password."""
    with _alone(superuser_conninfo) as connection:
        if not _has_role(connection, OWNER):
            # CREATEDB for the databases that tests make.
            _run(connection, "CREATE ROLE {owner} LOGIN CREATEDB", owner=OWNER)
        if not _has_role(connection, PROGRAM):
            _run(connection, "CREATE ROLE {program} LOGIN", program=PROGRAM)


def prepare_database(superuser_conninfo: str, name: str, owner: str = OWNER, program: str = PROGRAM) -> None:
    """Make a database if there is none, owned by the owner, and say what the program may do in it."""
    with _alone(superuser_conninfo) as cluster:
        if not _has(cluster, "SELECT FROM pg_database WHERE datname = %s", name):
            _run(cluster, "CREATE DATABASE {name} OWNER {owner}", name=name, owner=owner)
        with psycopg.connect(make_conninfo(superuser_conninfo, dbname=name), autocommit=True) as database:
            _run(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            _grant(database, name, owner, program)
            if _has(
                database, "SELECT WHERE current_setting('shared_preload_libraries') LIKE %s", "%pg_stat_statements%"
            ):
                _run(database, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def _grant(connection: psycopg.Connection, database: str, owner: str, program: str) -> None:
    _run(connection, "GRANT CONNECT ON DATABASE {name} TO {program}", name=database, program=program)
    # Our statements are many and short; compiling one takes longer than running it.
    if _has(connection, "SELECT FROM pg_database WHERE datname = %s AND pg_has_role(datdba, 'USAGE')", database):
        _run(connection, "ALTER DATABASE {name} SET jit = off", name=database)
    _run(connection, "GRANT USAGE ON SCHEMA public TO {program}", program=program)
    theirs: LiteralString = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT "
    _run(connection, theirs + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {program}", owner=owner, program=program)
    _run(connection, theirs + "USAGE, SELECT ON SEQUENCES TO {program}", owner=owner, program=program)


def prepare_given(program_url: str, owner_url: str) -> None:
    """Make a database that is not ours ready, as its owner: the program's role if it is missing, and its rights."""
    program, owner = conninfo_to_dict(program_url), conninfo_to_dict(owner_url)
    name, owner_name = str(program.get("user", "")), str(owner.get("user", ""))
    if not name or name == owner_name:
        raise CannotStart(
            "DATABASE_URL and DATABASE_OWNER_URL must name two users. The program's own must own no table:\n"
            "what cannot change the rules cannot break them, whatever bug or intruder speaks through it."
        )
    try:
        with _alone(owner_url) as connection:
            if not _has_role(connection, name):
                _create_given(connection, name, str(program.get("password") or ""))
            _grant(connection, connection.info.dbname, owner_name, name)
            _close_schema(connection, name)
    except psycopg.OperationalError as reason:
        raise CannotStart(f"DATABASE_OWNER_URL does not connect: {reason}") from reason


def _create_given(connection: psycopg.Connection, name: str, password: str) -> None:
    may = "SELECT FROM pg_roles WHERE rolname = current_user AND (rolcreaterole OR rolsuper) AND %s <> ''"
    if not _has(connection, may, name):
        raise CannotStart(
            f"The role {name} of DATABASE_URL does not exist, and {connection.info.user} of DATABASE_OWNER_URL\n"
            f"may not make it. As a superuser of that server run:\n"
            f"  CREATE ROLE {name} LOGIN PASSWORD '(the password in DATABASE_URL)';"
        )
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password or None))
    connection.execute(statement)


def _close_schema(connection: psycopg.Connection, name: str) -> None:
    """See that the program can make no table. Who does not own the schema is only warned that nothing was revoked."""
    may: LiteralString = "SELECT WHERE has_schema_privilege(%s, 'public', 'CREATE')"
    if _has(connection, may, name):
        _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    if _has(connection, may, name):
        raise CannotStart(
            f"{name} may create tables in the schema public, as everybody may by default before PostgreSQL 15.\n"
            f"As a superuser, in the database {connection.info.dbname}, run:\n"
            "  REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
        )
