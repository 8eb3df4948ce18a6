"""Web, worker and beat refuse to start on an unsafe database, each as the process that it is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = {
    "web": ["-c", "import config.wsgi"],
    "worker": ["-m", "celery", "-A", "config.celery", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "-A", "config.celery", "beat"],
}


def start(process: str, options: str) -> subprocess.CompletedProcess[str]:
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    return subprocess.run(
        [sys.executable, *PROCESSES[process]],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "PGOPTIONS": options, "C_FORCE_ROOT": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_where_what_it_acknowledged_could_be_lost(process: str) -> None:
    ended = start(process, "-c synchronous_commit=off")

    assert ended.returncode != 0
    assert "synchronous_commit is off" in ended.stderr


def test_the_web_process_starts_on_a_safe_database() -> None:
    assert start("web", "").returncode == 0
