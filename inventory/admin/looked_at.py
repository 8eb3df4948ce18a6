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
    cache.set(_key(owner), (word, name, packed), FOR_S)
    return word


def kept(owner: str, word: str) -> tuple[str, bytes] | None:
    """The file's name and content; None where there is none, or not any more, or it is somebody else's."""
    found: tuple[str, str, bytes] | None = cache.get(_key(owner)) if word else None
    return (found[1], zlib.decompress(found[2])) if found and found[0] == word else None


def _key(owner: str) -> str:
    # One for each, so that nobody fills the cache by looking again and again.
    return f"looked_at:{owner}"
