"""People read reasons in the words of the forms; a code is read by nobody but machines."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.test import Client

from inventory.acts import By, Seats
from inventory.admin import reasons
from inventory.admin.form_page import WhyForm
from inventory.models import Hold, Movement
from inventory.services.kills import kill_places
from tests.houses import make_show, rows, seat
from tests.inventory.admin import pages
from tests.ticketing.admin.selling import sold
from tests.ticketing.books import make_priced_show
from ticketing.models import Refund, Ticket

ROOT = Path(__file__).parents[3]
NAMES = ("reason_code", "void_reason")


def forms_of(form: type[WhyForm] = WhyForm) -> Iterator[type[WhyForm]]:
    yield form
    for one in form.__subclasses__():
        yield from forms_of(one)


def words_by_code() -> dict[str, set[str]]:
    """Of every form that asks why: each of its codes, and the words that one or several forms have for it."""
    import_module("ticketing.admin")
    found: dict[str, set[str]] = defaultdict(set)
    for form in forms_of():
        for code, words in form.codes.items():
            found[code].add(words)
    return dict(found)


def codes_of_the_program() -> set[str]:
    """The reason codes that stand in the code itself: given by name, as a default, or as a constant of the module."""
    found: set[str] = set()
    for path in [*ROOT.glob("inventory/**/*.py"), *ROOT.glob("ticketing/**/*.py")]:
        if {"demo", "migrations", "api"} & set(path.parts):
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for value in values_in(ast.parse(path.read_text())):
            found |= said_by(value, module)
    return found - {""}


def said_by(value: ast.AST, module: str) -> set[str]:
    """The strings that an expression may be, as far as they stand in it: alone, after an `or`, or as a constant."""
    if isinstance(value, ast.BoolOp):
        return {code for part in value.values for code in said_by(part, module)}
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.Name) and value.id.isupper():
        return {getattr(import_module(module), value.id)}
    return set()


def values_in(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in NAMES:
            yield node.value
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args]
            with_defaults = arguments[len(arguments) - len(node.args.defaults) :]
            for argument, default in [
                *zip(with_defaults, node.args.defaults, strict=True),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]:
                if argument.arg in NAMES and default is not None:
                    yield default


@pytest.mark.parametrize(("code", "words"), words_by_code().items())
def test_every_code_of_every_form_reads_as_the_form_says_it(code: str, words: set[str]) -> None:
    assert {reasons.in_words(code)} == ({reasons.SHARED[code]} if code in reasons.SHARED else words)


def test_what_several_forms_say_in_different_words_has_words_of_its_own() -> None:
    assert {code for code, words in words_by_code().items() if len(words) > 1} == set(reasons.SHARED)


@pytest.mark.parametrize("code", sorted(codes_of_the_program()))
def test_every_code_that_the_program_writes_has_words(code: str) -> None:
    assert reasons.in_words(code) != code[:1].upper() + code[1:].replace("_", " ")


def test_the_codes_that_the_program_writes_are_found() -> None:
    assert {
        "set-apart",
        "show_cancelled",
        "late_money",
        "paid_too_late",
        "by_buyer",
        "by_gateway",
    } <= codes_of_the_program()


@pytest.mark.parametrize(
    ("code", "words"),
    [("rule", "By a rule"), ("surplus", "Second payment"), ("excess", "More than was due"),
     ("late", "Came too late"), ("reseated", "Other seats were given"), *Hold.Purpose.choices],
)  # fmt: skip
def test_what_the_database_and_the_gateways_money_bring_has_words(code: str, words: str) -> None:
    assert reasons.in_words(code) == words


@pytest.mark.parametrize(
    ("code", "words", "line"),
    [
        ("sync_lag", "A till or a device is behind with its sales", "a till or a device is behind with its sales"),
        ("sound_desk", "Sound desk", "sound desk"),
        ("VIP_moved", "VIP moved", "VIP moved"),
        ("", "", ""),
    ],
)
def test_a_reason_begins_with_a_capital_and_goes_on_without_and_an_unknown_code_reads_as_words(
    code: str, words: str, line: str
) -> None:
    assert (reasons.in_words(code), reasons.in_line(code)) == (words, line)


def test_the_ledger_shows_reasons_in_words_and_is_searched_by_words_or_code(manager: Client) -> None:
    show = make_show(rows("A", 2))
    for code, label in (("sync_lag", "A-1"), ("sound_desk", "A-2")):
        kill_places(show_id=show.pk, wanted=Seats([seat(show, label).pk]), by=By("user:1", reason_code=code))

    def found(asked: str) -> list[str]:
        answer = manager.get(pages.listing(Movement), {"q": asked})
        return [movement.reason_code for movement in pages.rows(answer)]

    known = Movement.objects.get(reason_code="sync_lag")
    assert "A till or a device is behind with its sales" in pages.words(manager.get(pages.of(known)))
    assert found("sync_lag") == found("a till or a device is behind with its sales") == ["sync_lag"]
    assert found("Sound desk") == found("sound_desk") == ["sound_desk"]


def test_refunds_are_found_by_their_reason_in_words_or_by_its_code(manager: Client) -> None:
    asked = {"reason": "illness", "other": "", "note": "They rang."}
    made = sold(make_priced_show())
    tickets = list(Ticket.objects.filter(order=made).values_list("pk", flat=True))
    manager.post(pages.of(made, "refund"), asked | {"tickets": tickets})
    refund = Refund.objects.get()

    for asked_for, refunds in {"Illness or death": [refund], "illness": [refund], "Weather": [], "": [refund]}.items():
        answer = manager.get(pages.listing(Refund), {"q": asked_for})
        assert pages.rows(answer) == refunds
    assert "Illness or death: They rang." in pages.words(answer)
    assert "void: illness or death" in pages.words(manager.get(pages.of(made)))
