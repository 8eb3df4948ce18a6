"""What a start says at last: where everything is, and who may log in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.local import up


def test_the_last_lines_tell_the_addresses_and_the_logins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "VAR", tmp_path)
    without = up.ready_line("0.0.0.0", 8000)  # noqa: S104
    login = {"username": "manager", "password": "pw", "role": "Box-office manager"}
    (tmp_path / "demo.json").write_text(
        json.dumps({"logins": [login | {"key": "JBSWY3DP"}, login | {"username": "gate", "role": "Gate staff"}]})
    )

    assert without.splitlines() == [
        "Housefull is up: tickets at http://127.0.0.1:8000/  staff at http://127.0.0.1:8000/admin/  Ctrl-C stops",
        "  no logins yet: .venv/bin/python manage.py createsuperuser",
    ]
    assert up.ready_line("::1", 8001, "http://127.0.0.1:8100").splitlines() == [
        "Housefull is up: tickets at http://[::1]:8001/  staff at http://[::1]:8001/admin/"
        "  pay at http://127.0.0.1:8100/  staff codes at http://127.0.0.1:8100/codes  Ctrl-C stops",
        "        manager / pw  Box-office manager, and a code",
        "           gate / pw  Gate staff",
    ]
