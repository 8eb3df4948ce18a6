"""`up`: servers, migrations, static files, the demo house, then the program, until Ctrl-C."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from config.local import answering, orphans, sandbox
from config.local.child import stop_as_by_ctrl_c, stop_in_peace
from config.local.console import BASE_DIR, CannotStart, fresh_log, say, step, tail
from config.local.early import PROCESSES, VAR, address, clear_the_way, sandbox_address
from config.local.lock import only_one
from config.local.processes import Processes, commands, environment
from config.local.servers import Servers


def run(demo: bool, check: bool) -> int:
    """Run until stopped. Exit status 0 if that was asked for (and, with `check`, if everything answered)."""
    stop_as_by_ctrl_c()
    VAR.mkdir(mode=0o755, exist_ok=True)
    with only_one(VAR / "up.lock", "bin/up"):
        clear_the_way(VAR / "run")
        servers = Servers()
        try:
            told = environment(servers.start())
            _prepare(servers, told, demo)
            all_answered = _serve(servers, told, check)
        except KeyboardInterrupt:
            all_answered = False
        finally:
            _stop(servers)
    return 130 if check and not all_answered else 0


def _prepare(servers: Servers, told: Mapping[str, str], demo: bool) -> None:
    log = fresh_log(servers.places.log("prepare"))
    verbs = {"migrations": ["migrate", "--no-input"], "static files": ["collectstatic", "--no-input"]}
    if demo:
        verbs["the demo house"] = ["load_demo"]
    for name, verb in verbs.items():
        command = [sys.executable, "manage.py", *verb]
        with log.open("ab") as output:
            done = subprocess.run(command, cwd=BASE_DIR, env=told, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise CannotStart(f"manage.py {' '.join(verb)} failed.\n{tail(log)}")
        step(name)


def _serve(servers: Servers, told: Mapping[str, str], check: bool) -> bool:
    """Run the program until it is stopped; true if everything answered while it ran."""
    host, port = address()
    gateway = sandbox_address()
    if gateway:
        told = {**told, **sandbox.told(told, host, port)}
    processes = Processes(servers.places, commands(host, port, gateway), told)
    found: list[str | Exception] = []

    def watch() -> None:
        try:
            answering.wait_for_web(host, port, servers.places.log("web"))
            if gateway:
                answering.wait_for_sandbox(*gateway, servers.places.log("sandbox"))
            if not check:
                say(ready_line(host, port, told.get("SANDBOX_PUBLIC_URL", "") if gateway else ""))
                processes.book.echo = True
                return
            step("web and sandbox answer" if gateway else "web answers")
            answering.wait_for_celery(told, servers.places)
            step("worker and beat answer")
            found.append(_what_runs(told))
        except Exception as reason:  # noqa: BLE001  nobody else hears of it, and the processes must end
            found.append(reason)
        processes.stop()

    processes.run(watch)
    for one in found:
        if isinstance(one, Exception):
            raise one
        say(one)
    return bool(found)


def _stop(servers: Servers) -> None:
    """Everything down, the program first."""
    stop_in_peace()
    for name in PROCESSES:
        orphans.end(servers.places.records / f"{name}.pid", BASE_DIR)
    if servers.keep.exists():
        step("stopped; the servers go on until `servers stop`")
        return
    servers.stop()
    step("stopped")


def ready_line(host: str, port: int, sandbox_url: str = "") -> str:
    """Where everything is, in one line, and below it a line for every login."""
    site = f"http://{sandbox.reachable(host)}:{port}/"
    phones = f"  pay at {sandbox_url}/  staff codes at {sandbox_url}/codes" if sandbox_url else ""
    where = f"Housefull is up: tickets at {site}  staff at {site}admin/{phones}  Ctrl-C stops"
    return "\n".join([where, *_logins()])


def _logins() -> list[str]:
    file = VAR / "demo.json"
    if not file.exists():
        return ["  no logins yet: .venv/bin/python manage.py createsuperuser"]
    logins: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["logins"]
    return [f"  {one['username']:>13} / {one['password']}  {one['role']}{_besides(one)}" for one in logins]


def _besides(login: Mapping[str, str]) -> str:
    return ", and a code" if login.get("key") else ""


def _what_runs(told: Mapping[str, str]) -> str:
    parts = {"Python": sys.version.split()[0]}
    parts |= {name: version(name.lower()) for name in ("Django", "granian", "Celery")}
    parts |= answering.server_versions(told)
    return "         " + " · ".join(f"{name} {value}" for name, value in parts.items())
