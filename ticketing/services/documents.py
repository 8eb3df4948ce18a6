"""What a document's page says: from what was written when it was issued to words, columns and sums.

A tax invoice, rule 46 of the CGST Rules; a bill of supply, r.49, and the two in one, r.46A; a credit note, r.53(1A). A
signature is not needed on what is issued electronically (provisos to r.46 and r.49, by Notification 74/2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.money import rupees, rupees_in_words
from core.times import day_and_time, day_in_india
from ticketing.queries.links import order_reference
from ticketing.queries.numbering import lines_of
from ticketing.queries.papers import DocumentFacts
from ticketing.tax.documents import Kind
from ticketing.tax.lines import TaxedLine
from ticketing.tax.states import STATES, UNION_TERRITORIES
from ticketing.tax.words import Seller
from ticketing.tickets.document import DocumentPaper

_OF_COMPOSITION = "Composition taxable person, not eligible to collect tax on supplies"  # r.5(1)(f): at the top
_TAXED = {Kind.INVOICE, Kind.INVOICE_CUM_BILL_OF_SUPPLY}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it says of a line, and its sum where it has one."""

    name: str
    of: Callable[[TaxedLine], str]
    total: str = ""


def document_paper(facts: DocumentFacts) -> DocumentPaper:
    """A document as it is drawn."""
    lines = lines_of(facts.says["lines"])
    columns = list(_columns(facts, lines))
    return DocumentPaper(
        title=Kind(facts.kind).printed,
        number=facts.number,
        seller=facts.says["seller"]["name"],
        seller_lines=tuple(_seller_lines(facts)),
        facts=tuple(_facts(facts)),
        columns=("Description", *(column.name for column in columns)),
        rows=tuple((f"Admission, {line.what}", *(column.of(line) for column in columns)) for line in lines),
        totals=("Total", *(column.total for column in columns)),
        sums=tuple(_sums(facts, lines)),
        notes=tuple(_notes(facts)),
        dated=facts.issued_at,
    )


def state_named(code: str) -> str:
    """`27 Maharashtra`."""
    return f"{code} {STATES.get(code, '')}".strip()


def second_tax(place_of_supply: str) -> str:
    """What stands beside CGST: UTGST in a Union Territory without a legislature, else SGST."""
    return "UTGST" if place_of_supply in UNION_TERRITORIES else "SGST"


def percent(rate_bp: int) -> str:
    """`18 %`, `2.5 %`."""
    return f"{rate_bp / 100:g} %"


def _status(facts: DocumentFacts) -> Seller:
    return Seller(facts.says["seller"]["gst_status"])


def _original(facts: DocumentFacts) -> Kind:
    """The document itself, or the one that it takes back."""
    return Kind(facts.says["against"]["kind"] if "against" in facts.says else facts.kind)


def _seller_lines(facts: DocumentFacts) -> Iterable[str]:
    seller = facts.says["seller"]
    if _status(facts) is Seller.COMPOSITION:
        yield _OF_COMPOSITION
    yield from filter(None, (line.strip() for line in seller["address"].splitlines()))
    if seller["gstin"]:
        yield f"GSTIN {seller['gstin']}"
    yield f"State {state_named(seller['state'])}"


def _facts(facts: DocumentFacts) -> Iterable[tuple[str, str]]:
    says = facts.says
    yield "Number", facts.number
    yield "Date", _day(facts.issued_at)
    if against := says.get("against"):
        dated = _day(datetime.fromisoformat(against["issued_at"]))
        yield "Takes back", f"{Kind(against['kind']).printed} {against['number']} of {dated}"
    yield "Order", order_reference(facts.order_id)
    if facts.name:
        yield "Buyer", facts.name
    yield "Admission to", says["show"]
    yield "When", day_and_time(datetime.fromisoformat(says["starts_at"]))
    yield "Where", f"{says['venue']}, {says['city']}"
    if _status(facts) is not Seller.UNREGISTERED:
        yield "Place of supply", state_named(says["place_of_supply"])


def _columns(facts: DocumentFacts, lines: Sequence[TaxedLine]) -> Iterable[Column]:
    if any(line.sac for line in lines) and _status(facts) is not Seller.UNREGISTERED:
        yield Column("SAC", lambda line: line.sac)
    yield Column("Qty", lambda line: str(line.quantity) if line.quantity else "part")
    if any(line.local_tax_paise for line in lines):
        yield _money("Price", lines, "net_paise")
        yield _money(_local_tax(facts), lines, "local_tax_paise")
    if _original(facts) in _TAXED:
        is_mixed = any(line.is_exempt for line in lines)
        yield _money("Value" if is_mixed else "Taxable value", lines, "taxable_paise")
        yield Column("GST", _rate)
        for name, column in _taxes(facts, lines):
            yield _money(name, lines, column)
    yield _money("Amount", lines, "paise")


def _taxes(facts: DocumentFacts, lines: Sequence[TaxedLine]) -> Iterable[tuple[str, str]]:
    """The taxes that occur: their names, and the names of their amounts."""
    second = second_tax(facts.says["place_of_supply"])
    for name, column in (("CGST", "cgst_paise"), (second, "sgst_paise"), ("IGST", "igst_paise")):
        if any(getattr(line, column) for line in lines):
            yield name, column


def _rate(line: TaxedLine) -> str:
    if line.is_exempt:
        return "exempt"
    half = percent(line.rate_bp // 2)
    return f"{half} + {half}" if line.cgst_paise else percent(line.rate_bp)


def _money(name: str, lines: Sequence[TaxedLine], column: str) -> Column:
    return Column(name, lambda line: _plain(getattr(line, column)), _plain(_sum(lines, column)))


def _sums(facts: DocumentFacts, lines: Sequence[TaxedLine]) -> Iterable[tuple[str, str]]:
    if _original(facts) in _TAXED:
        yield "Taxable value", rupees(_sum([line for line in lines if not line.is_exempt], "taxable_paise"))
        if exempt := _sum([line for line in lines if line.is_exempt], "taxable_paise"):
            yield "Exempt value", rupees(exempt)
        for name, column in _taxes(facts, lines):
            yield name, rupees(_sum(lines, column))
    yield "Total" if "against" not in facts.says else "Total taken back", rupees(facts.amount_paise)


def _notes(facts: DocumentFacts) -> Iterable[str]:
    yield rupees_in_words(facts.amount_paise)
    if _status(facts) is Seller.UNREGISTERED:
        yield "The seller is not registered under GST, and no GST is charged."
    elif _status(facts) is Seller.REGULAR and _original(facts) is Kind.BILL_OF_SUPPLY:
        yield "Admission at this price is exempt from GST."
    elif facts.kind in _TAXED:
        yield "Tax is not payable on reverse charge."
    yield "Issued electronically."


def _local_tax(facts: DocumentFacts) -> str:
    """As the head of a column, so cut where it is long."""
    name = facts.says["local_tax"] or "Local tax"
    return name if len(name) <= 24 else f"{name[:23]}…"


def _sum(lines: Sequence[TaxedLine], column: str) -> int:
    return sum(getattr(line, column) for line in lines)


def _plain(paise: int) -> str:
    """`12,34,567.50`: the sums below say which currency."""
    return rupees(paise).removeprefix("₹")


def _day(at: datetime) -> str:
    day = day_in_india(at)
    return f"{day.day} {day:%b %Y}"
