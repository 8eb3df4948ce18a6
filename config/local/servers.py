"""The servers of bin/up, bin/test or bin/bench: start or adopt what is not given from outside, then stop it."""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from pathlib import Path

from config.environment import read_local
from config.local import early, environment_file, roles, sandbox
from config.local.account import server_account
from config.local.console import BASE_DIR, CannotStart, step
from config.local.lock import only_one
from config.local.places import lay_out
from config.local.postgres import Cluster
from config.local.valkey import Valkey

DATABASE = "housefull"


class Servers:
    """PostgreSQL and Valkey for one purpose. What the environment names is used as it is, and never stopped."""

    def __init__(self, part: str = "", base: Path = BASE_DIR) -> None:
        self.places = lay_out(part, server_account(), base)
        self.cluster = None if os.environ.get("DATABASE_URL") else Cluster(self.places)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(self.places)
        # `servers start` means "until `servers stop`": a bin/test or bin/up in between leaves them running.
        self.keep = self.places.ours / "servers.keep"

    def start(self) -> dict[str, str]:
        """Everything up and ready for `migrate`; returns (and writes to local.env) what the program must be told."""
        with only_one(self.places.ours / "servers.lock", "A start of the servers", wait=True):
            found = self._start_database() | self._start_valkey() | self._secret() | self._gateway()
            environment_file.write(self.places.environment, found)
        return found

    def stop(self) -> None:
        """Stop what `start` started or adopted."""
        if self.valkey:
            self.valkey.stop()
        if self.cluster:
            self.cluster.stop()
            # A bin/test that was killed may have left its second cluster; any major's pg_ctl can stop it.
            for lock in self.places.theirs.glob("postgres-*/postmaster.pid"):
                Cluster(self.places, lock.parent.name, self.cluster.bin).stop()

    def _start_database(self) -> dict[str, str]:
        if self.cluster is None:
            self._prepare_given()
            return {}
        adopted = self.cluster.start()
        roles.prepare_roles(self.cluster.superuser)
        roles.prepare_database(self.cluster.superuser, DATABASE)
        step(f"PostgreSQL {self.cluster.version()}" + (" (was running: adopted)" if adopted else ""))
        return self.database_environment(self.cluster)

    def database_environment(self, cluster: Cluster) -> dict[str, str]:
        """The addresses of a cluster; the superuser's is for tests and benchmarks only."""
        found = {
            "DATABASE_URL": cluster.url(roles.PROGRAM, DATABASE),
            "DATABASE_OWNER_URL": cluster.url(roles.OWNER, DATABASE),
        }
        return found | (
            {"DATABASE_SUPERUSER_URL": cluster.url("postgres", "postgres")} if self.places.is_throwaway else {}
        )

    def _prepare_given(self) -> None:
        owner = os.environ.get("DATABASE_OWNER_URL")
        if not owner:
            raise CannotStart(
                "DATABASE_URL is set and DATABASE_OWNER_URL is not. Migrations run as the owner of the tables, which\n"
                "the program's own role must not be. Give both, with two users of one database:\n"
                "  DATABASE_URL=postgresql://housefull_program:...@host/housefull\n"
                "  DATABASE_OWNER_URL=postgresql://housefull_owner:...@host/housefull"
            )
        if self.places.is_throwaway and not os.environ.get("DATABASE_SUPERUSER_URL"):
            raise CannotStart("DATABASE_URL is set: DATABASE_SUPERUSER_URL is needed too, to make databases for it.")
        roles.prepare_given(os.environ["DATABASE_URL"], owner)
        step("PostgreSQL as given by DATABASE_URL")

    def _start_valkey(self) -> dict[str, str]:
        if self.valkey is None:
            step("Redis as given by REDIS_URL")
            return {}
        adopted = self.valkey.start()
        step(f"Valkey {self.valkey.version()}" + (" (was running: adopted)" if adopted else ""))
        return {"REDIS_URL": self.valkey.url}

    def _secret(self) -> dict[str, str]:
        if self.places.is_throwaway:
            seed = b64encode(b"only-for-tests".ljust(32, b"0")).decode()
            return {"SECRET_KEY": "only-for-tests-" + "0" * 40, "TICKET_SIGNING_KEY": seed}
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "TICKET_SIGNING_KEY": b64encode(secrets.token_bytes(32)).decode(),
        }
        kept = read_local(self.places.environment)
        return {name: kept.get(name) or value for name, value in made.items()}

    def _gateway(self) -> dict[str, str]:
        """The account that takes the money: of tests, at the sandbox, or nothing where one is given from outside."""
        if self.places.is_throwaway:
            return sandbox.OF_TESTS
        address = early.sandbox_address()
        return sandbox.account(*address, read_local(self.places.environment)) if address else {}
