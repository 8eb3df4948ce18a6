"""The printed ticket: what must be on it is on it, in whatever script, and the code is whole."""

from __future__ import annotations

import re
import time
from contextlib import closing
from io import BytesIO
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from tests.ticketing.tickets.papers import DOORS, ISSUED, ticket
from ticketing.tickets.lettering import FONTS, SCRIPTS, Lettered, printable
from ticketing.tickets.paper import TaxLine
from ticketing.tickets.pdf import tickets_pdf
from ticketing.tickets.qr import QUIET, modules

TERMS = "Admits one person once. No refund once the show has begun. "
A_LOT = "Words that a box office may well put into a field of its own, and then some more of them. " * 3


def pages(*papers: Any) -> list[PageObject]:
    return list(PdfReader(BytesIO(tickets_pdf(papers))).pages)


def lines(page: PageObject) -> list[str]:
    return [re.sub(r"\s+", " ", line) for line in page.extract_text().split("\n")]


def squares(page: PageObject) -> tuple[float, list[tuple[float, float, float, float]]]:
    """The QR code in mm from the page's top left: the side of a module, and every dark stretch."""
    content = page.get_contents().get_data().decode("latin1")  # type: ignore[union-attr]
    path = content[content.index(" cm ") : content.rindex(" f")]
    found = [(float(x), float(y), float(w), float(h)) for x, y, w, h in re.findall(r"(\S+) (\S+) (\S+) (\S+) re", path)]
    return found[0][3], found


def drawn(page: PageObject) -> list[list[bool]]:
    side, found = squares(page)
    left, top = min(x for x, *_ in found), min(y for _, y, *_ in found)
    count = round((max(x + w for x, _, w, _ in found) - left) / side)
    rows = [[False] * count for _ in range(count)]
    for x, y, width, _ in found:
        for step in range(round(width / side)):
            rows[round((y - top) / side)][round((x - left) / side) + step] = True
    return rows


def test_a_ticket_says_what_show_where_when_and_which_seat() -> None:
    (page,) = pages(
        ticket(
            doors_at=DOORS,
            holder="Asha Kulkarni",
            price_note="All charges and taxes included.",
            seller="Rang Mandir Trust, GSTIN 27AAPFU0939F1ZV",
            document="Tax invoice MUM/26-27/000123",
            tax_lines=(TaxLine("CGST 9 %", 9000), TaxLine("SGST 9 %", 9000)),
            terms=TERMS,
        )
    )

    assert lines(page) == [
        "Ticket T-7K3Q9 · 1 of 1",
        "Housefull: The Musical",
        "Sat 12 Dec 2026, 7:30 pm · doors 6:30 pm",
        "Rang Mandir, Mumbai",
        "Section",
        "Stalls",
        "Row",
        "A",
        "Seat",
        "12",
        "Gold · ₹1,180.00",
        "All charges and taxes included.",
        "For Asha Kulkarni",
        "Order RM-26-000123",
        "Tax invoice MUM/26-27/000123 · CGST 9 % ₹90.00 · SGST 9 % ₹90.00",
        "Rang Mandir Trust, GSTIN 27AAPFU0939F1ZV",
        TERMS.strip(),
    ]


def test_what_there_is_not_leaves_no_line() -> None:
    (page,) = pages(ticket())

    assert lines(page)[-2:] == ["Gold · ₹1,180.00", "Order RM-26-000123"]


def test_general_admission_has_no_seat() -> None:
    (page,) = pages(ticket(section="Floor", row="", number="17", tier="Standing"))

    assert lines(page)[4:9] == ["Section", "Floor", "Entry", "Unreserved", "Standing · ₹1,180.00"]


def test_each_ticket_is_a_page_with_its_own_code() -> None:
    papers = [ticket(position=n, count=3, code=f"HF1.{'ABC'[n - 1] * 119}") for n in (1, 2, 3)]

    found = pages(*papers)

    assert [lines(page)[0] for page in found] == [f"Ticket T-7K3Q9 · {n} of 3" for n in (1, 2, 3)]
    assert [drawn(page) for page in found] == [modules(paper.code) for paper in papers]


def test_the_page_is_a_quarter_of_an_a4_sheet() -> None:
    (page,) = pages(ticket())

    assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == (105, 148)


def test_the_code_is_large_and_nothing_stands_in_its_quiet_zone_however_much_there_is_to_say() -> None:
    much = dict.fromkeys(("show_title", "venue", "section", "tier", "price_note", "holder", "seller"), A_LOT)
    taxes = tuple(TaxLine(f"Tax number {n} with a long name", 100) for n in range(20))
    for paper in (ticket(), ticket(**much, document=A_LOT, tax_lines=taxes, terms=TERMS * 5, doors_at=DOORS)):
        page = pages(paper)[0]
        side, found = squares(page)
        above, below = min(y for _, y, *_ in found) - QUIET * side, max(y for _, y, *_ in found) + (QUIET + 1) * side
        heights: list[float] = []

        def note(text: str, _cm: Any, matrix: list[float], *_: Any, heights: list[float] = heights) -> None:
            if text.strip():
                heights.append(148 - matrix[5] / 72 * 25.4)

        page.extract_text(visitor_text=note)

        assert side >= 38 / 49
        assert [height for height in heights if above < height < below] == []
        assert above > 0 and below < 148


def test_long_terms_stand_once_at_the_end() -> None:
    terms = TERMS * 40

    found = pages(ticket(position=1, count=2, terms=terms), ticket(position=2, count=2, terms=terms))

    assert [lines(page)[-1] for page in found[:2]] == ["Terms: at the end."] * 2
    assert " ".join(line for page in found[2:] for line in lines(page)) == f"Terms {terms.strip()}"


def test_terms_of_several_pages_are_all_there() -> None:
    terms = "\n".join(f"{n}. {TERMS.strip()}" for n in range(90))

    found = pages(ticket(terms=terms))

    assert len(found) > 2
    assert [line for page in found[1:] for line in lines(page)][1:] == terms.split("\n")


def test_a_title_that_is_too_long_ends_in_dots() -> None:
    (page,) = pages(ticket(show_title=A_LOT))

    assert lines(page)[3].endswith("…")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("हिन्दी रंगमंच", "devanagari"),
        ("नाट्यमहोत्सव मराठी", "devanagari"),
        ("বাংলা নাট্যোৎসব", "bengali"),
        ("ਪੰਜਾਬੀ", "gurmukhi"),
        ("ગુજરાતી", "gujarati"),
        ("ଓଡ଼ିଆ", "oriya"),
        ("தமிழ் நாடகம்", "tamil"),
        ("తెలుగు", "telugu"),
        ("ಕನ್ನಡ", "kannada"),
        ("മലയാളം", "malayalam"),
    ],
)
def test_the_scripts_of_india_are_printed_in_their_own_letters(text: str, script: str) -> None:
    (page,) = pages(ticket(show_title=text, holder=text))
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]

    assert printable(text) == text
    assert [font for font in fonts if script in font.lower()] != []
    assert "Sat 12 Dec 2026, 7:30 pm" in lines(page)


def test_shaping_joins_letters() -> None:
    """क् and ष become one letter that stands for both: without shaping there would be three glyphs."""
    (page,) = pages(ticket(holder="क्ष"))
    content = page.get_contents().get_data()  # type: ignore[union-attr]
    (font,) = [
        name
        for name, font in page["/Resources"]["/Font"].items()  # type: ignore[index]
        if "Devanagari" in font.get_object()["/BaseFont"]
    ]
    shown = content.split(font.encode())[1].split(b"Tj")[0]

    assert len(shown[shown.index(b"(") + 1 : shown.rindex(b")")].replace(b"\\", b"")) == 2  # one glyph of two bytes


def test_a_joiner_stays_in_the_script_around_it() -> None:
    with closing(Lettered()) as pdf:
        pdf.load_fonts("हिन्दी বাংলা")
        found = [pdf.get_fallback_font(letter, "B") for letter in "क\u200dর\u200d।₹"]

    assert found == ["noto-sans-devanagariB"] * 2 + ["noto-sans-bengaliB"] * 3 + ["noto-sans-latin-extB"]


def test_letters_that_no_font_has_are_question_marks_and_pictures_are_left_out() -> None:
    (page,) = pages(ticket(show_title="🎉 New Year 李雷 Bash 🎉", holder="\x00\u202eجگ", venue="Line\none\ttwo"))

    assert lines(page)[1] == "New Year ?? Bash"
    assert lines(page)[3] == "Line one two, Mumbai"
    assert "For ??" in lines(page)


def test_the_same_tickets_make_the_same_bytes_at_any_time() -> None:
    papers = [ticket(show_title="हिन्दी"), ticket(terms=TERMS * 40)]

    first = tickets_pdf(papers)
    time.sleep(1.1)  # what a PDF says of the time it says in seconds

    assert tickets_pdf(papers) == first
    assert PdfReader(BytesIO(first)).metadata.creation_date == ISSUED  # type: ignore[union-attr]


def test_no_tickets_make_no_pdf() -> None:
    with pytest.raises(ValueError, match="no tickets"):
        tickets_pdf([])


def test_every_font_is_there_in_both_weights_and_small() -> None:
    names = ["latin", "latin-ext", *SCRIPTS]

    assert sorted(file.name for file in FONTS.glob("*.ttf")) == sorted(
        f"noto-sans-{name}-{weight}.ttf" for name in names for weight in (400, 700)
    )
    assert max(file.stat().st_size for file in FONTS.glob("*.ttf")) < 300_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
