"""A mail server for tests: it speaks SMTP as far as a client that sends needs it, keeps letters, and fails as told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

HANG_UP = ""


class Postbox(ThreadingTCPServer):
    """`answers` replaces what is said to a verb (`MAIL`, `RCPT`, `DATA`) or after the letter (`.`), for every letter;
    HANG_UP ends the call instead. `refuses` is an address that is not known here. `taken` is what was handed over,
    whether or not that was answered."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.answers: dict[str, str] = {}
        self.refuses = "nobody"
        self.taken: list[EmailMessage] = []
        self.calls = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Call(StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self.server.calls += 1
        self._say("220 postbox")
        while line := self.rfile.readline():
            verb = line[:4].decode().strip().upper()
            if verb == "QUIT":
                return self._say("221 bye")
            answer = self.server.answers.get(verb, "354 go on" if verb == "DATA" else "250 ok")
            if verb == "RCPT" and self.server.refuses.encode() in line:
                answer = "550 unknown here"
            if answer.startswith("354"):
                self._say(answer)
                self.server.taken.append(self._letter())
                answer = self.server.answers.get(".", "250 taken")
            if answer == HANG_UP:
                return None
            self._say(answer)
        return None

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        return letter

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        thread = threading.Thread(target=box.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()


@pytest.fixture
def postbox(settings: object) -> Iterator[Postbox]:
    """A mail server, and the settings that lead to it."""
    with open_postbox() as box:
        told = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": box.port,
            "EMAIL_HOST_USER": "",
            "EMAIL_USE_TLS": False,
            "EMAIL_TIMEOUT": 10,
        }
        for name, value in told.items():
            setattr(settings, name, value)
        yield box
