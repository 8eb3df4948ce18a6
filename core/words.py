"""Numbers as people read them."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """`1 seat`, `2 seats`, `60,000 seats`; for nouns that take an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
