"""Refusals: what a verb says when it may not. A refusal has a code, facts and a sentence; a bug is loud."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import DatabaseError


class DomainError(Exception):
    """A verb refused and changed nothing.

    `code` names the refusal for programs, `status` is the HTTP status a door answers with, `message` is for people,
    and `facts` are JSON values that say which places, how many, until when.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str] = "That cannot be done."

    def __init__(self, message: str = "", **facts: Any) -> None:
        self.facts = facts
        self.text = message or self.message
        super().__init__(self.text)

    def as_envelope(self) -> dict[str, Any]:
        """`{code, message, facts}`: the one form in which every door says no."""
        return {"code": self.code, "message": self.text, "facts": self.facts}


def broken_rule(error: DatabaseError) -> str:
    """The name of the constraint or trigger rule that PostgreSQL refused by, or ''."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return (diagnostics and diagnostics.constraint_name) or ""


def sql_state(error: DatabaseError) -> str:
    """PostgreSQL's five-letter SQLSTATE, such as 55P03 for a lock not had in time, or ''."""
    return getattr(error.__cause__, "sqlstate", None) or ""
