"""The local start, without the program: real servers in a directory of their own, real processes, no network."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from config.environment import read_local
from config.local import binaries, early, environment_file, orphans, roles, sandbox
from config.local.account import Account, server_account
from config.local.console import BASE_DIR, CannotStart
from config.local.lock import only_one
from config.local.places import PORT, SOCKET_NAME_LIMIT, Places, lay_out
from config.local.postgres import Cluster
from config.local.processes import commands
from config.local.servers import Servers
from config.local.valkey import Valkey

needs_proc = pytest.mark.skipif(not orphans.PROC.exists(), reason="processes are told apart by /proc")


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    """A set of servers' places outside of pytest's own directory, which root's PostgreSQL user could not enter."""
    base = Path(tempfile.mkdtemp(prefix="housefull-test-", dir="/var/tmp"))
    base.chmod(0o755)
    yield lay_out("", server_account(), base)
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def cluster(places: Places) -> Iterator[Cluster]:
    found = Cluster(places)
    assert found.start() is False
    yield found
    found.stop()
    assert found.version() == ""


@dataclass
class Family:
    """The leader of a session and its child, as granian has workers."""

    leader: subprocess.Popen[bytes]
    child: int


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    with subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE) as leader:
        assert leader.stdout is not None
        yield Family(leader, int(leader.stdout.readline()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGKILL)


def ourselves() -> Account:
    return Account("ourselves", os.geteuid(), os.getegid(), changes=False)


# The environment file


def test_what_a_start_wrote_is_read_back_and_is_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "local.env"
    file.write_text("SECRET_KEY=old\n")
    file.chmod(0o644)

    environment_file.write(file, {"SECRET_KEY": "a=b", "REDIS_URL": "redis://:pw@127.0.0.1:1/0"})

    assert read_local(file) == {"SECRET_KEY": "a=b", "REDIS_URL": "redis://:pw@127.0.0.1:1/0"}
    assert file.stat().st_mode & 0o777 == 0o600


# Where the socket lies


def test_a_socket_lies_beside_the_data_where_its_name_is_short_enough(tmp_path: Path) -> None:
    near = Places(tmp_path, tmp_path, ourselves()).socket("s")

    assert near == tmp_path / "s"
    assert near.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["x" * 100, "a,b"], ids=["too long", "a comma"])
def test_a_socket_whose_name_libpq_cannot_use_goes_to_a_private_directory(tmp_path: Path, name: str) -> None:
    far = Places(tmp_path, tmp_path, ourselves()).socket(name)

    try:
        assert len(os.fsencode(far / f".s.PGSQL.{PORT}")) <= SOCKET_NAME_LIMIT
        assert far.stat().st_mode & 0o777 == 0o700
        assert Places(tmp_path, tmp_path, ourselves()).socket(name) == far
    finally:
        far.rmdir()


def test_a_socket_directory_somebody_else_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").symlink_to(tmp_path / "theirs")

    with pytest.raises(CannotStart, match="remove it"):
        ourselves().own(tmp_path / "ours")


# Programs


def test_a_missing_server_names_the_command_that_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_package", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match="apt-get install postgresql"):
        binaries.postgres_bin(debian=tmp_path)
    with pytest.raises(CannotStart, match="apt-get install redis-server"):
        binaries.valkey_binary()


def test_without_a_wheel_the_newest_postgresql_of_the_system_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_package", lambda name: None)
    for major in ("9", "15", "17", "none"):
        place = tmp_path / major / "bin"
        place.mkdir(parents=True)
        for program in ("postgres", "initdb"):
            (place / program).touch()

    assert binaries.postgres_bin(debian=tmp_path) == tmp_path / "17" / "bin"


# PostgreSQL


def test_a_living_server_is_adopted(cluster: Cluster, places: Places) -> None:
    assert Cluster(places).start() is True


def test_a_server_is_durable_and_listens_on_no_network(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser) as connection:
        names = ("fsync", "synchronous_commit", "listen_addresses", "server_encoding")
        row = connection.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names)).fetchone()

    assert row == ("on", "on", "", "UTF8")


@needs_proc
def test_after_a_kill_it_starts_again_with_what_was_committed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS it")
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])

    os.kill(pid, signal.SIGKILL)

    assert cluster.start() is False
    with psycopg.connect(cluster.superuser) as connection:
        assert connection.execute("SELECT it FROM kept").fetchone() == (1,)
        connection.execute("DROP TABLE kept")


@needs_proc
def test_a_lock_file_whose_pid_is_now_a_strangers_does_not_keep_it_down(cluster: Cluster) -> None:
    lock = cluster.data / "postmaster.pid"
    before = lock.read_text().split("\n", 1)
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"], user=cluster.account.uid, cwd="/")
    lock.write_text(f"{stranger.pid}\n{before[1]}")
    shutil.chown(lock, cluster.account.uid, cluster.account.gid)

    try:
        assert cluster.start() is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_major_is_refused_with_the_way_to_take_it_over(cluster: Cluster, places: Places) -> None:
    other = Cluster(places, "other")
    other.data.mkdir()
    (other.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(CannotStart, match=r"(?s)made by PostgreSQL 9;.*postgresql-9.*pg_dump.*pg_restore"):
        other.start()


# Roles


def test_the_program_writes_rows_of_the_owners_tables_and_makes_none(cluster: Cluster) -> None:
    for _ in range(2):  # twice is safe
        roles.prepare_roles(cluster.superuser)
        roles.prepare_database(cluster.superuser, "house")

    owner = make_conninfo(cluster.superuser, user=roles.OWNER, dbname="house")
    program = make_conninfo(cluster.superuser, user=roles.PROGRAM, dbname="house")
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE seat (id serial)")
        connection.execute("CREATE TABLE entry (id serial)")
        connection.execute(f"REVOKE INSERT ON entry FROM {roles.PROGRAM}")
    roles.prepare_database(cluster.superuser, "house")

    with psycopg.connect(program, autocommit=True) as connection:
        connection.execute("INSERT INTO seat DEFAULT VALUES")
        for refused in ("CREATE TABLE t ()", "INSERT INTO entry DEFAULT VALUES", "TRUNCATE seat", "DROP TABLE seat"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)


def test_one_user_for_both_roles_is_refused() -> None:
    with pytest.raises(CannotStart, match="two users"):
        roles.prepare_given("postgresql://one@/x", "postgresql://one@/x")


def test_a_database_given_without_its_owner_is_refused(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://program@nowhere/x")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    with pytest.raises(CannotStart, match="Migrations run as the owner"):
        Servers("", places.ours.parent).start()


# Valkey


def test_valkey_remembers_its_password_and_takes_another_port_if_its_own_is_gone(places: Places) -> None:
    valkey = Valkey(places)
    try:
        assert valkey.start() is False
        assert Valkey(places).start() is True
        assert valkey.conf.stat().st_mode & 0o777 == 0o600
        first = valkey.url
        valkey.stop()
        with socket.create_server(("127.0.0.1", int(first.rsplit(":", 1)[1].removesuffix("/0")))) as stranger:
            threading.Thread(target=lambda: stranger.accept()[0].close()).start()
            assert valkey.start() is False
        assert valkey.url != first
        assert valkey.url.rsplit(":", 1)[0] == first.rsplit(":", 1)[0]
    finally:
        valkey.stop()
    assert valkey.version() == ""


# The gateway


@pytest.fixture
def no_account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*sandbox.GIVEN, "HOST", "PORT", "SANDBOX_PORT", "SANDBOX_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_without_an_account_the_sandbox_runs_beside_the_site(no_account: pytest.MonkeyPatch) -> None:
    account = sandbox.account("127.0.0.1", 8100, {})
    told = sandbox.told(account, "0.0.0.0", 8000)  # noqa: S104

    assert early.sandbox_address() == ("127.0.0.1", 8100)
    assert account["RAZORPAY_BASE_URL"] == account["SANDBOX_PUBLIC_URL"] == "http://127.0.0.1:8100"
    assert account["RAZORPAY_KEY_ID"].startswith("rzp_test_")
    assert told["SANDBOX_KEY_SECRET"] == account["RAZORPAY_KEY_SECRET"]
    assert told["SANDBOX_WEBHOOK_SECRET"] == account["RAZORPAY_WEBHOOK_SECRETS"]
    assert told["SANDBOX_WEBHOOK_URL"] == "http://127.0.0.1:8000/api/v1/webhooks/razorpay"
    assert list(commands("127.0.0.1", 8000, ("127.0.0.1", 8100))) == list(early.PROCESSES)


def test_the_keys_of_the_sandbox_are_kept_and_its_address_is_not(no_account: pytest.MonkeyPatch) -> None:
    first = sandbox.account("127.0.0.1", 8100, {})
    second = sandbox.account("::1", 8101, first)

    assert {name: second[name] for name in sandbox.GIVEN} == {name: first[name] for name in sandbox.GIVEN}
    assert second["RAZORPAY_BASE_URL"] == "http://[::1]:8101"
    assert sandbox.account("127.0.0.1", 8100, {})["RAZORPAY_KEY_SECRET"] != first["RAZORPAY_KEY_SECRET"]


def test_with_an_account_from_outside_there_is_no_sandbox(no_account: pytest.MonkeyPatch) -> None:
    no_account.setenv("RAZORPAY_KEY_ID", "rzp_live_1")
    with pytest.raises(CannotStart, match="RAZORPAY_KEY_SECRET and RAZORPAY_WEBHOOK_SECRETS is not set"):
        early.sandbox_address()
    no_account.setenv("RAZORPAY_KEY_SECRET", "s")
    no_account.setenv("RAZORPAY_WEBHOOK_SECRETS", "w")

    assert early.sandbox_address() is None
    assert list(commands("127.0.0.1", 8000)) == ["web", "worker", "beat"]


def test_tests_have_an_account_that_leads_nowhere() -> None:
    assert {name: os.environ[name] for name in (*sandbox.GIVEN, "RAZORPAY_BASE_URL")} == {
        "RAZORPAY_BASE_URL": "http://127.0.0.1:1",
        "RAZORPAY_KEY_ID": "rzp_test_onlyfortests",
        "RAZORPAY_KEY_SECRET": "only-for-tests",
        "RAZORPAY_WEBHOOK_SECRETS": "only-for-tests",
    }


# What stands in the way


def test_a_port_somebody_has_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=f"PORT={port + 1} bin/up"):
            early.refuse_taken_port("127.0.0.1", port)
    early.refuse_taken_port("127.0.0.1", port)


def test_a_taken_port_of_the_sandbox_is_refused_by_its_own_name(no_account: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=f"SANDBOX_PORT={port + 1} bin/up"):
            early.refuse_taken_port("127.0.0.1", port, "SANDBOX_PORT")

    no_account.setenv("PORT", "8100")
    with pytest.raises(CannotStart, match="both 8100"):
        early.sandbox_address()
    no_account.setenv("SANDBOX_PORT", "none")
    with pytest.raises(CannotStart, match="SANDBOX_PORT=none is not a port number"):
        early.sandbox_address()


def test_the_second_of_two_is_told_the_first_ones_pid(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from config.local.console import CannotStart
from config.local.lock import only_one
try:
    with only_one(Path({str(tmp_path / "lock")!r}), "bin/up"): print("entered")
except CannotStart as reason: print(reason)
"""

    def other() -> str:
        return subprocess.run([sys.executable, "-c", script], cwd=BASE_DIR, capture_output=True, text=True).stdout

    with only_one(tmp_path / "lock", "bin/up"):
        assert other() == f"bin/up is already running in this checkout, as process {os.getpid()}.\n"
    assert other() == "entered\n"


@needs_proc
def test_what_a_killed_run_left_is_ended_with_its_children(family: Family, tmp_path: Path) -> None:
    record = tmp_path / "web.pid"
    orphans.record(record, family.leader.pid)

    assert orphans.end(record, tmp_path, patience_s=0.2) is True

    assert family.leader.wait(5) == -signal.SIGTERM
    assert orphans.start_of(family.child) == ""
    assert not record.exists()


@needs_proc
def test_children_are_ended_though_their_leader_is_gone(family: Family, tmp_path: Path) -> None:
    record = tmp_path / "web.pid"
    orphans.record(record, family.leader.pid)
    family.leader.kill()
    family.leader.wait()

    assert orphans.end(record, tmp_path, patience_s=0.2) is True

    assert orphans.start_of(family.child) == ""


@needs_proc
def test_a_process_that_only_bears_a_recorded_pid_is_left_alone(family: Family, tmp_path: Path) -> None:
    record = tmp_path / "web.pid"
    boot, ticks = orphans.start_of(family.leader.pid).split(":")
    record.write_text(f"{family.leader.pid} {boot}:{int(ticks) - 1}\n")

    assert orphans.end(record, tmp_path) is False

    assert family.leader.poll() is None
    assert orphans.start_of(family.child) != ""
