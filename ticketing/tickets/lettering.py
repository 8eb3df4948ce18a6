"""The letters a ticket is printed in: Noto Sans for Latin and the scripts of India, each loaded only where it occurs.

Where the fonts come from, and their licence, is in `fonts/`.
"""

from __future__ import annotations

import logging
import unicodedata
from functools import cache
from pathlib import Path

import uharfbuzz
from fpdf import FPDF

# It tells at length about every glyph it leaves out of a PDF.
logging.getLogger("fontTools").setLevel(logging.WARNING)

FONTS = Path(__file__).parent / "fonts"
LATIN, LATIN_EXTENDED = "noto-sans-latin", "noto-sans-latin-ext"  # the rupee sign is in the second
# From U+0900 on, every 128 characters are one script of India.
SCRIPTS = ("devanagari", "bengali", "gurmukhi", "gujarati", "oriya", "tamil", "telugu", "kannada", "malayalam")
_CONTROLS = frozenset(range(32))  # the fonts have a glyph for some
_WEIGHTS = {"": "400", "B": "700"}


def families_for(text: str) -> list[str]:
    """The font families this text needs, Latin first."""
    found = {(ord(letter) - 0x900) // 0x80 for letter in text}
    return [LATIN, LATIN_EXTENDED] + [f"noto-sans-{script}" for number, script in enumerate(SCRIPTS) if number in found]


def printable(text: str) -> str:
    """The text with what no font has taken out: a picture leaves nothing behind, a letter leaves `?`."""
    text = unicodedata.normalize("NFC", text)
    known = frozenset().union(*map(_letters, families_for(text))) - _CONTROLS
    return "".join(letter if ord(letter) in known else _instead(letter) for letter in text)


class Lettered(FPDF):
    """A PDF that writes mixed scripts: every stretch in its own font, shaped by HarfBuzz."""

    _last = LATIN

    def load_fonts(self, text: str) -> None:
        """Make ready what this text needs, in regular and bold. Once, before anything is written."""
        families = families_for(text)
        for family in families:
            for style, weight in _WEIGHTS.items():
                self.add_font(family, style, FONTS / f"{family}-{weight}.ttf")
        self.set_fallback_fonts(families[1:])
        self.set_text_shaping(True)

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        """Joiners and dandas, which every script's font has, stay in the font of the letters before them."""
        if ord(char) in _letters(self._last) and ord(char) not in _letters(LATIN_EXTENDED):
            return self._last + style
        found = super().get_fallback_font(char, style)
        self._last = found.removesuffix("B") if found else LATIN
        return found

    def close(self) -> None:
        """Close the font files, whatever came of the PDF."""
        for font in self.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FONTS / f"{family}-400.ttf")).unicodes)


def _instead(letter: str) -> str:
    if letter.isspace():
        return "\n" if letter == "\n" else " "
    return "?" if unicodedata.category(letter)[0] in "LN" else ""
