"""Who stands at a door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever makes a request: by what they are counted (`name`) and from where. `kind` chooses their rates.

    `name` is unique among callers (`key:7`, `user:3`, `buyer:…`), and '' for one who has shown nothing at all.
    """

    is_authenticated: ClassVar[bool] = True  # what libraries ask of a request's user

    kind: str
    name: str
    address: str

    def digest(self) -> str:
        """`name` as 32 hexadecimal digits, for where it is kept: a buyer's cookie is a secret."""
        return salted_hmac("core.caller", self.name, algorithm="sha256").hexdigest()[:32]
