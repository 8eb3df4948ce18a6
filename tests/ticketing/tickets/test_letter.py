"""The letter with the tickets: the same twice, whole as plain text, and harmless whatever a title holds."""

from __future__ import annotations

import re
from html import unescape

from tests.ticketing.tickets.papers import DOORS, order
from ticketing.tickets.letter import Letter, letter_for

FULL = order(
    doors_at=DOORS,
    document="Tax invoice MUM/26-27/000123",
    seller="Rang Mandir Trust, GSTIN 27AAPFU0939F1ZV",
    help_at="help@rangmandir.example",
)


def words(letter: Letter) -> str:
    """What the HTML says, without how."""
    body = letter.html.split("<body>")[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_the_subject_says_what_and_when() -> None:
    assert letter_for(FULL).subject == "Your 2 tickets: Housefull: The Musical, Sat 12 Dec 2026, 7:30 pm"


def test_plain_text_is_the_whole_letter() -> None:
    assert letter_for(FULL).text == (
        "Housefull: The Musical\n"
        "Sat 12 Dec 2026, 7:30 pm (doors open at 6:30 pm)\n"
        "Rang Mandir, Mumbai\n"
        "\n"
        "2 tickets, order RM-26-000123:\n"
        "\n"
        "- Stalls, row A, seat 12 (Gold), ₹1,180.00, ticket T-7K3Q9\n"
        "- Floor, unreserved (Standing), ₹500.00, ticket T-7K3QA\n"
        "\n"
        "Paid, all charges and taxes included: ₹1,680.00\n"
        "Tax invoice MUM/26-27/000123\n"
        "\n"
        "Your tickets are here:\n"
        "https://tickets.example/orders/RM-26-000123/k3y\n"
        "\n"
        "Show the code of each ticket at the gate, on your phone or on paper. Each code lets one person in, once.\n"
        "Whoever has this link has your tickets, so please keep it to yourself.\n"
        "\n"
        "Help: help@rangmandir.example\n"
        "\n"
        "Rang Mandir Trust, GSTIN 27AAPFU0939F1ZV\n"
    )


def test_what_there_is_not_leaves_no_gap() -> None:
    text = letter_for(order()).text

    assert "doors" not in text
    assert text.endswith("keep it to yourself.\n")
    assert "\n\n\n" not in text


def test_html_says_the_same() -> None:
    letter = letter_for(FULL)

    for fact in (
        "Housefull: The Musical",
        "Sat 12 Dec 2026, 7:30 pm",
        "doors open at 6:30 pm",
        "Rang Mandir, Mumbai",
        "Stalls, row A, seat 12",
        "Floor, unreserved",
        "T-7K3QA",
        "₹1,680.00",
        "Tax invoice MUM/26-27/000123",
        "Rang Mandir Trust",
        "Help: help@rangmandir.example",
    ):
        assert fact in words(letter)
    assert f'href="{FULL.tickets_url}"' in letter.html


def test_html_loads_nothing_and_runs_nothing() -> None:
    html = letter_for(FULL).html

    assert re.findall(r"<(?:img|script|link|iframe)|\bsrc=|url\(|\son\w+=|\sstyle=", html) == []


def test_a_title_is_words_and_never_markup() -> None:
    letter = letter_for(order(show_title="Romeo & <b>Juliet</b>\r\nBcc: everybody@example.com"))

    assert letter.subject.startswith("Your 2 tickets: Romeo & <b>Juliet</b> Bcc: everybody@example.com, Sat")
    assert "\n" not in letter.subject
    assert "Romeo & <b>Juliet</b>" in letter.text
    assert "<b>" not in letter.html
    assert "Romeo &amp; &lt;b&gt;Juliet" in letter.html


def test_one_ticket_is_not_two() -> None:
    single = order(lines=FULL.lines[:1])

    assert letter_for(single).subject.startswith("Your 1 ticket: ")


def test_a_very_long_title_leaves_the_date_in_the_subject() -> None:
    subject = letter_for(order(show_title="x" * 500)).subject

    assert len(subject) < 220
    assert subject.endswith(", Sat 12 Dec 2026, 7:30 pm")
