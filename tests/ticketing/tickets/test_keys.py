"""The keys of the house: from its settings, changed without spoiling the tickets that are out."""

from __future__ import annotations

import shutil
import tempfile
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from config.local import environment_file
from config.local.servers import Servers
from ticketing.tickets.code import CodeOfUnknownKey, Content, read, sign
from ticketing.tickets.keys import public_keys, signing_key, verifying_keys

TICKET = Content(1, 2, 1, 3)


def seed(number: int) -> str:
    return b64encode(bytes([number]) * 32).decode()


def test_what_the_house_signs_it_reads() -> None:
    assert read(sign(TICKET, signing_key()), verifying_keys()) == TICKET


def test_a_gate_needs_the_public_keys_alone() -> None:
    code = sign(TICKET, signing_key())

    known = {
        int(key["kid"]): Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "=")) for key in public_keys()
    }

    assert read(code, known) == TICKET


def test_a_public_key_is_a_json_web_key() -> None:
    (key,) = public_keys()

    assert key == {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": str(signing_key().id), "x": key["x"]}
    assert len(key["x"]) == 43


def test_after_a_change_of_key_the_tickets_that_are_out_stay_good(settings: Any) -> None:
    settings.TICKET_SIGNING_KEY = seed(1)
    (old_key,) = public_keys()
    old_code = sign(TICKET, signing_key())

    settings.TICKET_SIGNING_KEY, settings.TICKET_OLD_PUBLIC_KEYS = seed(2), [old_key["x"]]

    assert sign(TICKET, signing_key()) != old_code
    assert read(old_code, verifying_keys()) == read(sign(TICKET, signing_key()), verifying_keys()) == TICKET
    assert len(public_keys()) == 2


def test_once_the_old_key_is_taken_away_its_tickets_are_not(settings: Any) -> None:
    settings.TICKET_SIGNING_KEY = seed(1)
    old_code = sign(TICKET, signing_key())

    settings.TICKET_SIGNING_KEY = seed(2)

    with pytest.raises(CodeOfUnknownKey):
        read(old_code, verifying_keys())


def test_two_keys_of_one_id_are_refused_before_they_sign(settings: Any) -> None:
    """The id is one byte of a digest: some two keys share one, and readers could not tell which is meant."""
    seen: dict[int, str] = {}
    for number in range(256):
        settings.TICKET_SIGNING_KEY = seed(number)
        (key,) = public_keys()
        if int(key["kid"]) in seen:
            break
        seen[int(key["kid"])] = key["x"]

    settings.TICKET_OLD_PUBLIC_KEYS = [seen[int(key["kid"])]]

    with pytest.raises(ImproperlyConfigured, match="same id"):
        verifying_keys()


@pytest.mark.parametrize("text", ["", "no base64!", "c2hvcnQ=", seed(1) + seed(1)])
def test_a_setting_that_holds_no_key_says_so(settings: Any, text: str) -> None:
    settings.TICKET_SIGNING_KEY = text

    with pytest.raises(ImproperlyConfigured, match="TICKET_SIGNING_KEY"):
        signing_key()


@pytest.fixture
def base() -> Iterator[Path]:
    """A checkout that the servers' account can enter, unlike pytest's own directory."""
    place = Path(tempfile.mkdtemp(prefix="housefull-test-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def test_a_local_start_makes_a_key_once_and_keeps_it(base: Path) -> None:
    first, second = Servers("", base)._secret(), Servers("", base)._secret()
    environment_file.write(Servers("", base).places.environment, first)

    assert first["TICKET_SIGNING_KEY"] != second["TICKET_SIGNING_KEY"]
    assert Servers("", base)._secret() == first


def test_a_key_made_before_stays_when_another_secret_is_new(base: Path) -> None:
    environment_file.write(Servers("", base).places.environment, {"SECRET_KEY": "old"})

    made = Servers("", base)._secret()

    assert (made["SECRET_KEY"], len(made["TICKET_SIGNING_KEY"])) == ("old", 44)
