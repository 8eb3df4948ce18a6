"""QR codes in a page: what is drawn is what the standard's encoder made, with its quiet zone, and nothing else."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import segno

from ticketing.tickets.code import Content, sign
from ticketing.tickets.keys import signing_key
from ticketing.tickets.qr import QUIET, modules, qr_svg

SVG = "{http://www.w3.org/2000/svg}"
LINK = (
    "upi://pay?pa=venue%40hdfcbank&pn=Rang%20Mandir&tr=RM-26-000123&am=1180.00&cu=INR&tn=Order%20RM-26-000123&mc=7922"
)


def code() -> str:
    return sign(Content(311, 123_456, 1, 70_000), signing_key())


def drawn(svg: str) -> set[tuple[int, int]]:
    """The dark modules, from the picture's path alone."""
    path = ElementTree.fromstring(svg).findall(f"{SVG}path")[1].attrib["d"]  # noqa: S314  our own text
    pieces = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in pieces) == path
    assert all(there == back for _, _, there, back in pieces)
    return {(int(x) + step, int(y)) for x, y, n, _ in pieces for step in range(int(n))}


@pytest.mark.parametrize("text", [code(), LINK], ids=["ticket", "upi"])
def test_what_is_drawn_is_the_code_inside_its_quiet_zone(text: str) -> None:
    reference = segno.make_qr(text, error="m").matrix

    expected = {(x + QUIET, y + QUIET) for y, row in enumerate(reference) for x, module in enumerate(row) if module & 1}

    assert drawn(qr_svg(text, label="x")) == expected
    assert modules(text) == [[bool(module) for module in row] for row in reference]


def test_a_tickets_code_is_written_as_letters_and_digits_in_41_modules() -> None:
    made = segno.make_qr(code(), error="m")

    assert (made.mode, made.symbol_size(border=0), made.error) == ("alphanumeric", (41, 41), "M")


def test_the_picture_is_a_square_with_room_around_the_code() -> None:
    root = ElementTree.fromstring(qr_svg(code(), label="x"))  # noqa: S314  our own text

    assert root.attrib["viewBox"] == "0 0 49 49"
    assert root.findall(f"{SVG}path")[0].attrib == {"fill": "#fff", "d": "M0 0h49v49H0z"}


def test_whoever_cannot_see_it_hears_what_it_is() -> None:
    root = ElementTree.fromstring(qr_svg(LINK, label='Pay ₹1,180 & "go"'))  # noqa: S314  our own text

    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", 'Pay ₹1,180 & "go"')


def test_a_strict_policy_refuses_nothing_in_it() -> None:
    root = ElementTree.fromstring(qr_svg(code(), label="x"))  # noqa: S314  our own text
    allowed = {"class", "viewBox", "role", "aria-label", "shape-rendering", "fill", "d"}

    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}path"}
    assert {name for element in root.iter() for name in element.attrib} == allowed


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        modules("x" * 3000)
