"""The sandbox plays the phones of the demo's staff, too."""

from __future__ import annotations

import json
from base64 import b32encode
from pathlib import Path

import pytest

from ticketing.sandbox import staff_codes


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    """RFC 6238, appendix B: its last six digits, since ours are six."""
    assert staff_codes.code_at(b32encode(b"12345678901234567890").decode(), at) == code


def test_the_page_has_a_code_for_each_login_that_needs_one(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    key = b32encode(b"12345678901234567890").decode()
    file.write_text(
        json.dumps(
            {
                "logins": [
                    {"username": "manager", "role": "Box-office manager", "password": "pw", "key": key},
                    {"username": "gate", "role": "Gate staff", "password": "pw"},
                ]
            }
        )
    )

    page = staff_codes.write(str(file), at=59)

    assert ("287082" in page, "manager" in page, "Gate staff" in page, "pw" in page) == (True, True, False, False)


def test_without_a_demo_the_page_says_so() -> None:
    assert "No demo login needs a code." in staff_codes.write("")
