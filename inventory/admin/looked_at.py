"""A file that was looked at and not used yet, kept for half an hour, so that nobody has to give it twice."""

from __future__ import annotations

import secrets
import zlib

from django.core.cache import cache

FOR_S = 1800
MOST_BYTES = 8 * 2**20


def keep(owner: str, name: str, content: bytes) -> str:
    """A word by which its owner gets the file again; '' where it is too large to be kept."""
    packed = zlib.compress(content)
    if len(packed) > MOST_BYTES:
        return ""
    word = secrets.token_urlsafe(16)
    cache.set(_key(owner, word), (name, packed), FOR_S)
    return word


def kept(owner: str, word: str) -> tuple[str, bytes] | None:
    """The file's name and content; None where there is none, or not any more, or it is somebody else's."""
    found: tuple[str, bytes] | None = cache.get(_key(owner, word)) if word else None
    return (found[0], zlib.decompress(found[1])) if found else None


def _key(owner: str, word: str) -> str:
    return f"looked_at:{owner}:{word}"
