"""Documents for the tax office: consecutive numbers, given in order, never reused (CGST Rules 46, 49 and 53)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class DocumentSeries(models.Model):
    """The last number given in one series of one financial year."""

    seller = models.ForeignKey("ticketing.Seller", on_delete=models.PROTECT, related_name="series")
    prefix = models.CharField(max_length=6)
    year = models.CharField("financial year", max_length=5, help_text="26-27, by Indian time.")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "document series"
        constraints = [
            models.UniqueConstraint(fields=("seller", "prefix", "year"), name="document_series_is_there_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}/{self.year}"


class Document(models.Model):
    """One numbered document about one order, or about one refund of it.

    `says` is what it says, as it was issued (`ticketing.queries.numbering`): a seller who moves, a tier that is renamed
    or a rate that changes must not change a paper that is out. It names no buyer, so it can be kept as long as the law
    wants. `issued_at` is the moment it is dated by: the order's confirmation, or the refund's end.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Tax invoice"
        BILL_OF_SUPPLY = "bill_of_supply", "Bill of supply"
        INVOICE_CUM_BILL_OF_SUPPLY = "invoice_cum_bill_of_supply", "Invoice-cum-bill of supply"
        RECEIPT = "receipt", "Receipt"
        CREDIT_NOTE = "credit_note", "Credit note"
        REFUND_RECEIPT = "refund_receipt", "Refund receipt"

    series = models.ForeignKey(DocumentSeries, on_delete=models.PROTECT, related_name="documents", db_index=False)
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=16)
    kind = models.CharField(max_length=26, choices=Kind)
    order = models.ForeignKey("ticketing.Order", on_delete=models.PROTECT, related_name="documents")
    refund = models.OneToOneField(
        "ticketing.Refund", on_delete=models.PROTECT, related_name="document", null=True, blank=True
    )
    amount_paise = models.BigIntegerField()
    issued_at = models.DateTimeField()
    says = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("series", "serial"), name="document_serial_is_given_once"),
            models.UniqueConstraint(fields=("series", "number"), name="document_number_is_given_once"),
            models.UniqueConstraint(fields=("order",), condition=Q(refund__isnull=True), name="order_has_one_document"),
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z0-9/-]{1,16}$"), name="document_number_is_lawful"),
            models.CheckConstraint(
                condition=Q(kind__in=["credit_note", "refund_receipt"], refund__isnull=False)
                | Q(
                    kind__in=["invoice", "bill_of_supply", "invoice_cum_bill_of_supply", "receipt"], refund__isnull=True
                ),
                name="credit_note_is_of_a_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number
