"""A browser without scripts: it follows links and sends the forms that a page has, hidden fields and all."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Answer = Any  # Django's test client answers with a response that has more than its class says
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


@dataclass
class Form:
    """A form of a page: where it goes, what it would send as it stands, and the values its buttons have."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    """One visitor. `text` is what the last page says, without its tags; `page` is the answer itself."""

    def __init__(self, *, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0") -> None:
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=agent)
        self.page: Answer = None

    def open(self, path: str) -> Answer:
        """Look at a page, wherever it leads."""
        self.page = self.client.get(path, follow=True)
        return self.page

    def send(self, action: str, **said: str) -> Answer:
        """Send the page's form whose action ends so, with these fields filled in; then where that leads."""
        form = next(form for form in _read(self.page).forms if form.action.endswith(action))
        self.page = self.client.post(form.action, form.fields | said, follow=True)
        return self.page

    @property
    def text(self) -> str:
        return _read(self.page).text

    @property
    def path(self) -> str:
        """Where the last page is, without what is asked of it."""
        return str(self.page.request["PATH_INFO"])

    @property
    def actions(self) -> list[str]:
        return [form.action for form in _read(self.page).forms]


@dataclass
class _Read:
    forms: list[Form]
    text: str


def _read(page: Answer) -> _Read:
    reader = _Reader()
    reader.feed(page.content.decode())
    return _Read(reader.forms, " ".join(" ".join(reader.words).split()))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._select = ""
        self._unread = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        fields = self.forms[-1].fields if self.forms else {}
        if tag == "form":
            self.forms.append(Form(has["action"]))
        elif tag == "input" and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            fields[has.get("name", "")] = has.get("value", "on")
        elif tag == "select":
            self._select = has["name"]
        elif tag == "option" and self._select and ("selected" in has or self._select not in fields):
            fields[self._select] = has["value"]
        elif tag in ("script", "style"):
            self._unread = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unread:
            self._unread = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(data)
