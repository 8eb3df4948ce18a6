"""Does it answer? The site over HTTP, worker and beat over the broker, the servers with their versions."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
import redis

from config.local.console import BASE_DIR, CannotStart, tail
from config.local.places import Places
from config.local.sandbox import reachable

WEB_S = 60
CELERY_S = 40


def health(host: str, port: int, path: str = "/health/") -> str:
    """The status of a page, and its text unless it is 200; no proxy is asked."""
    connection = http.client.HTTPConnection(reachable(host).strip("[]"), port, timeout=5)
    try:
        # With BEHIND_TLS the site redirects what did not come through a proxy that ended TLS.
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        return "200" if response.status == 200 else f"{response.status} {response.read(300).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as reason:
        return str(reason) or type(reason).__name__
    finally:
        connection.close()


def wait_for_web(host: str, port: int, log: Path) -> None:
    """Ask until it is well; give up early when granian starts its workers again, for they cannot even be loaded."""
    until = time.monotonic() + WEB_S
    while (answer := health(host, port)) != "200":
        if time.monotonic() > until:
            raise CannotStart(f"GET /health/ did not answer 200 within {WEB_S} s but: {answer}\n{tail(log)}")
        if b"Unexpected exit from worker" in log.read_bytes():
            raise CannotStart(f"The site cannot be loaded.\n{tail(log)}")
        time.sleep(0.1)


def wait_for_sandbox(host: str, port: int, log: Path) -> None:
    """Ask until its first page is there."""
    until = time.monotonic() + WEB_S
    while (answer := health(host, port, "/")) != "200":
        if time.monotonic() > until:
            raise CannotStart(f"The sandbox did not answer 200 within {WEB_S} s but: {answer}\n{tail(log)}")
        time.sleep(0.1)


def wait_for_celery(told: Mapping[str, str], places: Places) -> None:
    """Ask worker and beat until both have answered."""
    until = time.monotonic() + CELERY_S
    while missing := {"worker", "beat"} - _celery_answers(told):
        if time.monotonic() > until:
            logs = "\n".join(tail(places.log(name)) for name in sorted(missing))
            raise CannotStart(f"{' and '.join(sorted(missing))} did not answer within {CELERY_S} s.\n{logs}")


def _celery_answers(told: Mapping[str, str]) -> set[str]:
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "inspect", "ping", "--timeout", "2", "--json"]
    said = subprocess.run(command, cwd=BASE_DIR, env=dict(told), capture_output=True, text=True, check=False).stdout
    nodes = json.loads(said) if said.startswith("{") else {}
    return {"beat" if node.startswith("celerybeat@") else "worker" for node in nodes}


def server_versions(told: Mapping[str, str]) -> dict[str, str]:
    """Versions as the servers tell them, over the addresses that the program uses."""
    with psycopg.connect(told["DATABASE_URL"]) as connection:
        postgres = str(connection.info.parameter_status("server_version")).split()[0]
    with redis.Redis.from_url(told["REDIS_URL"]) as client:
        about = client.info("server")
    broker = "valkey" if "valkey_version" in about else "redis"
    return {"PostgreSQL": postgres, broker.capitalize(): about[f"{broker}_version"]}
