"""`local.env`: what a start tells every later `manage.py`. It holds passwords, so only its owner reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write(path: Path, values: Mapping[str, str]) -> None:
    """Replace the file at once, so that nobody reads half of it."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("# Written by bin/up or bin/test. The real environment wins over this file.\n")
        file.writelines(f"{key}={value}\n" for key, value in values.items())
    temporary.replace(path)
