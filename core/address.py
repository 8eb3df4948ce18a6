"""Whose network address a request comes from, as far as we may believe it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address; '' where the server gives none.

    Behind `TRUSTED_PROXIES` proxies each of them has added one address to X-Forwarded-For; what stands further left was
    said by the caller and is not believed. Of an IPv6 address the first 64 bits: a household has all the rest.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        chain = [*said, peer]
        peer = chain[-(settings.TRUSTED_PROXIES + 1)] if len(chain) > settings.TRUSTED_PROXIES else peer
    return _household(peer) or _household(request.META.get("REMOTE_ADDR", ""))


def _household(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False))
    return str(address)
