"""Answers kept by Idempotency-Key: the statements that keep one exactly if the work is done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Kept:
    """Under which key of whom an answer is kept, and for what request: digests of the caller and of what was asked."""

    scope: str
    key: str
    request: str

    def arguments(self) -> dict[str, str]:
        return {"kept_scope": self.scope, "kept_key": self.key, "kept_request": self.request}


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer that was given before, and to what request."""

    request: str
    status: int
    answer: Any


class AnsweredBefore(Exception):
    """A verb found that its key has an answer, and did nothing. Never leaves a door."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        super().__init__("answered before")


def find(kept: Kept) -> Stored | None:
    """The answer under this key, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT request, status, answer FROM core_keptanswer
               WHERE scope = %(kept_scope)s AND key = %(kept_key)s""",
            kept.arguments(),
        )
        row = cursor.fetchone()
    return row and Stored(row[0], row[1], json.loads(row[2]))


def keep(kept: Kept, status: int, answer: Any) -> bool:
    """Keep this answer, unless there is one: whether it was kept. Waits for whoever is answering under the same key."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_keptanswer (scope, key, request, status, answer, at)
               VALUES (%(kept_scope)s, %(kept_key)s, %(kept_request)s, %(status)s, %(answer)s::jsonb, clock_timestamp())
               ON CONFLICT ON CONSTRAINT idempotency_key_is_used_once DO NOTHING""",
            kept.arguments() | {"status": status, "answer": json.dumps(answer)},
        )
        return bool(cursor.rowcount)


def settle(kept: Kept, status: int, answer: Any) -> None:
    """Put the answer in the place of the one that `keep` wrote in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE core_keptanswer SET status = %(status)s, answer = %(answer)s::jsonb
               WHERE scope = %(kept_scope)s AND key = %(kept_key)s""",
            kept.arguments() | {"status": status, "answer": json.dumps(answer)},
        )
