"""What a sale or a refund is documented by, and how its number looks (CGST Rules, r.46, 46A, 49, 51, 53)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from core.times import day_in_india
from ticketing.tax.words import Seller, Split

LONGEST = 16
_SERIES = re.compile(r"[A-Z0-9]{1,4}")


class Kind(StrEnum):
    """A document. The receipts are of sellers outside GST, who may issue none of the others."""

    INVOICE = "invoice"
    BILL_OF_SUPPLY = "bill_of_supply"
    INVOICE_CUM_BILL_OF_SUPPLY = "invoice_cum_bill_of_supply"
    CREDIT_NOTE = "credit_note"
    REFUND_VOUCHER = "refund_voucher"
    RECEIPT = "receipt"
    REFUND_RECEIPT = "refund_receipt"

    @property
    def printed(self) -> str:
        """As it is printed."""
        return {"invoice": "Tax invoice", "invoice_cum_bill_of_supply": "Invoice-cum-bill of supply"}.get(
            self.value, self.value.replace("_", " ").capitalize()
        )


class DocumentNumberInvalid(ValueError):
    """A number that the law does not allow."""

    code: ClassVar[str] = "document_number_invalid"


def financial_year(at: datetime) -> str:
    """`26-27`: from 1 April to 31 March, in India."""
    day = day_in_india(at)
    begins = day.year if day.month >= 4 else day.year - 1
    return f"{begins % 100:02d}-{(begins + 1) % 100:02d}"


def series_of(seller_code: str, kind: Kind) -> str:
    """The series of a seller for one kind of document: its three letters for invoices, one more for each other kind.

    Codes have three letters and these series four, so that no seller's invoices look like another's credit notes.
    """
    return seller_code + _LETTERS[kind]


_LETTERS = {
    Kind.INVOICE: "",
    Kind.BILL_OF_SUPPLY: "B",
    Kind.INVOICE_CUM_BILL_OF_SUPPLY: "M",
    Kind.CREDIT_NOTE: "C",
    Kind.REFUND_VOUCHER: "V",
    Kind.RECEIPT: "R",
    Kind.REFUND_RECEIPT: "F",
}


def document_number(series: str, at: datetime, serial: int) -> str:
    """`MUM/26-27/000123` or `MUMC/2627/000123`: unique in a financial year, at most 16 of A-Z, 0-9, - and /.

    A series is one to four capitals or digits; of four, the year gives up its hyphen, so that either has 999,999
    numbers a year. Each kind of document has a series of its own. Raises DocumentNumberInvalid.
    """
    if not _SERIES.fullmatch(series):
        raise DocumentNumberInvalid("A series is one to four capital letters or digits, such as MUM.")
    year = financial_year(at)
    number = f"{series}/{year.replace('-', '') if len(series) == 4 else year}/{serial:06d}"
    if serial < 1 or len(number) > LONGEST:
        raise DocumentNumberInvalid(f"Number {serial} of series {series} does not fit 16 characters: begin another.")
    return number


def documents_for_sale(
    lines: Sequence[Split], *, seller: Seller, buyer_is_registered: bool = False
) -> tuple[Kind, ...]:
    """What an order needs: nothing where all of it is complimentary, which is no supply; else one document.

    Only a registered buyer of both taxed and exempt admissions gets two: the one for both is for the others (r.46A).
    """
    supplies = [line for line in lines if line.gross_paise]
    if not supplies:
        return ()
    if seller is Seller.UNREGISTERED:
        return (Kind.RECEIPT,)
    exempt = {line.is_exempt for line in supplies}
    if seller is Seller.COMPOSITION or exempt == {True}:
        return (Kind.BILL_OF_SUPPLY,)
    if exempt == {False}:
        return (Kind.INVOICE,)
    return (Kind.INVOICE, Kind.BILL_OF_SUPPLY) if buyer_is_registered else (Kind.INVOICE_CUM_BILL_OF_SUPPLY,)


def document_for_refund(*, seller: Seller, is_documented: bool) -> Kind:
    """What a refund needs: a credit note once the sale has its document (CGST Act, s.34), before that a voucher."""
    if seller is Seller.UNREGISTERED:
        return Kind.REFUND_RECEIPT
    return Kind.CREDIT_NOTE if is_documented else Kind.REFUND_VOUCHER
