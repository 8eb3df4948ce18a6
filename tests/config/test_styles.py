"""Whatever class a page of ours names has a style: unfold ships the utilities it uses itself, and no others."""

from __future__ import annotations

from pathlib import Path
from re import escape, findall, search, sub

import unfold
from django.conf import settings

OURS = Path(settings.BASE_DIR)
UNFOLD = Path(unfold.__file__).parent / "static/unfold/css"
PAGES = ("templates/**/*.html", "inventory/admin/*.py", "ticketing/admin/*.py", "config/**/*.py")
LETTERS = OURS / "templates/ticketing/mail"  # each brings its own styles


def test_every_class_that_a_page_names_has_a_style() -> None:
    sheets = [*UNFOLD.glob("*.css"), *(OURS / "static/css").glob("*.css")]
    styles = "".join(sheet.read_text() for sheet in sheets).replace("\\", "")
    named = {
        (name, str(path.relative_to(OURS)))
        for pages in PAGES
        for path in OURS.glob(pages)
        if LETTERS not in path.parents
        for name in _classes(path.read_text())
    }

    assert len(named) > 300
    unknown = {name for name, _ in named if not search(escape(f".{name}") + r"(?![\w-])", styles)}
    assert sorted((path, name) for name, path in named if name in unknown) == []


def _classes(page: str) -> set[str]:
    """The classes of a page: none that a script makes up, and none that a template's value completes."""
    said = (sub(r"\{%.*?%\}", " ", names) for names in findall(r'(?<![:\w-])class="([^"]*)"', page))
    return {name for names in said for name in sub(r"\S*\{\{?.*?\}?\}\S*", " ", names).split()}
