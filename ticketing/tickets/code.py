"""The text inside a ticket's QR code: what is admitted, signed, so that a gate believes it without a network.

`HF1.` and then base32 of: key id (one byte), show id, ticket id, serial and place id (LEB128 varints), and the Ed25519
signature (RFC 8032, 64 bytes) of everything before it, the prefix included. About 123 characters.

Base32 (RFC 4648, no padding) and not base45 (RFC 9285), though both keep a QR code in its alphanumeric mode: base45 has
a space and eight signs among its characters, which a mail may break, a page collapse, and a wedge scanner on another
keyboard layout type wrongly. Letters and digits survive all of that and any change of case, for four modules a side.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "HF1."
LONGEST = 200
_SIGNATURE = 64
_MOST = 2**63 - 1


class CodeInvalid(ValueError):
    """A code that admits nobody; `code` says why."""

    code: ClassVar[str]


class CodeUnreadable(CodeInvalid):
    """Not a ticket of ours, or not all of it was read."""

    code = "code_unreadable"


class CodeForged(CodeInvalid):
    """It looks like a ticket of ours, and we never signed it."""

    code = "code_forged"


class CodeOfUnknownKey(CodeInvalid):
    """Signed under a key that whoever reads does not have: an old list of keys, or a forgery."""

    code = "code_of_unknown_key"


@dataclass(frozen=True, slots=True)
class Content:
    """What a code says. A ticket that is issued again has a new `serial`, and the code of the old one admits no more.

    Raises ValueError for a number below zero or above what the database can hold.
    """

    show_id: int
    ticket_id: int
    serial: int
    place_id: int

    def __post_init__(self) -> None:
        if not all(0 <= number <= _MOST for number in astuple(self)):
            raise ValueError("A number in a code is between 0 and 2^63 - 1.")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the byte by which readers know its public half."""

    id: int
    private: Ed25519PrivateKey


def sign(content: Content, key: SigningKey) -> str:
    """The code. The same content and key make the same code, so it need not be stored."""
    body = bytes([key.id]) + b"".join(map(_varint, astuple(content)))
    return PREFIX + b32encode(body + key.private.sign(_signed(body))).decode().rstrip("=")


def read(code: str, public_keys: Mapping[int, Ed25519PublicKey]) -> Content:
    """What a genuine code says, in whatever case and between whatever blanks. Raises one of the CodeInvalid.

    A ticket is known by what its code says, never by the code's spelling.
    """
    body, signature = _parts(code.strip().upper())
    content = _content(body)
    public = public_keys.get(body[0])
    if public is None:
        raise CodeOfUnknownKey("This ticket was signed with a key that is not known here.")
    try:
        public.verify(signature, _signed(body))
    except InvalidSignature as error:
        raise CodeForged("This ticket was not issued by us.") from error
    return content


def _signed(body: bytes) -> bytes:
    return PREFIX.encode() + body


def _parts(text: str) -> tuple[bytes, bytes]:
    letters = text.removeprefix(PREFIX)
    if letters == text or len(text) > LONGEST:
        raise _unreadable()
    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise _unreadable() from error
    if len(raw) <= _SIGNATURE:
        raise _unreadable()
    return raw[:-_SIGNATURE], raw[-_SIGNATURE:]


def _content(body: bytes) -> Content:
    try:
        show_id, ticket_id, serial, place_id = _numbers(body[1:])
        return Content(show_id, ticket_id, serial, place_id)
    except ValueError as error:
        raise _unreadable() from error


def _varint(number: int) -> bytes:
    """LEB128: seven bits a byte, the low ones first, the eighth bit where more follow."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _numbers(raw: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("the last number goes on")


def _unreadable() -> CodeUnreadable:
    return CodeUnreadable("This is not a ticket, or not all of it was read.")
