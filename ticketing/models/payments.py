"""Money in and money back. One row is one attempt of one tender, so that the money identity is one sum."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Payment(models.Model):
    """One attempt to pay, by one tender; and whatever money came of it.

    `amount_paise` was asked for, `received_paise` came. Of what came, `allocated_paise` pays for the order; the rest
    has a meaning, `aside_as`, and is on the work-list until refunded. Money that no attempt of ours explains has a row
    of its own, and no order where none can be found. The state only moves forward: failed and lapsed are not final.
    """

    class Tender(models.TextChoices):
        GATEWAY = "gateway", "Gateway"
        CASH = "cash", "Cash"
        CARD_SLIP = "card_slip", "Card slip"
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        PARTNER_ACCOUNT = "partner_account", "Partner account"
        COMPLIMENTARY = "complimentary", "Complimentary"

    class State(models.TextChoices):
        NEW = "new", "Being opened"
        PENDING = "pending", "Waiting for the buyer"
        FAILED = "failed", "Failed"
        LAPSED = "lapsed", "Given up waiting"
        AUTHORIZED = "authorized", "Authorised, not captured"
        VOIDED = "voided", "Given back by the gateway, never captured"
        CAPTURED = "captured", "Received"

    class Aside(models.TextChoices):
        NONE = "", "-"
        SURPLUS = "surplus", "Second payment"
        EXCESS = "excess", "More than was due"
        SHORT = "short", "Less than was due"
        LATE = "late", "Came too late"
        CANCELLED = "cancelled", "Order was cancelled"
        UNMATCHED = "unmatched", "No order known"
        REVIEW = "review", "To be looked at"

    order = models.ForeignKey(
        "ticketing.Order", on_delete=models.PROTECT, related_name="payments", null=True, blank=True, db_index=False
    )
    tender = models.CharField(max_length=16, choices=Tender)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    amount_paise = models.BigIntegerField()
    received_paise = models.BigIntegerField(default=0)
    allocated_paise = models.BigIntegerField(default=0)
    aside_as = models.CharField(max_length=9, choices=Aside, blank=True, default=Aside.NONE)
    refunding_paise = models.BigIntegerField(
        default=0, help_text="Refunds asked for and not failed; kept by a trigger."
    )
    receipt = models.CharField(max_length=40, unique=True, help_text="Our reference, which the gateway keeps.")
    gateway = models.CharField(max_length=16, blank=True, default="")
    way = models.CharField(max_length=6, blank=True, default="")
    qr_id = models.CharField(max_length=40, blank=True, default="")
    gateway_order_id = models.CharField(max_length=40, blank=True, default="")
    gateway_payment_id = models.CharField(max_length=40, blank=True, default="")
    link = models.TextField(blank=True, default="")
    closes_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=20, blank=True, default="")
    payer = models.CharField("payer, masked", max_length=60, blank=True, default="")
    bank_reference = models.CharField(max_length=40, blank=True, default="")
    reference = models.CharField(max_length=60, blank=True, default="", help_text="Slip, transfer or account entry.")
    fee_paise = models.BigIntegerField(null=True, blank=True)
    fee_tax_paise = models.BigIntegerField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True, default="")
    actor = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    tender__in=["gateway", "cash", "card_slip", "bank_transfer", "partner_account", "complimentary"]
                ),
                name="tender_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "pending", "failed", "lapsed", "authorized", "voided", "captured"]),
                name="payment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", captured_at__isnull=False)
                | (~Q(state="captured") & Q(received_paise=0, captured_at__isnull=True)),
                name="money_is_received_exactly_when_captured",
            ),
            models.CheckConstraint(
                condition=Q(allocated_paise__gte=0, allocated_paise__lte=F("received_paise")),
                name="no_more_is_allocated_than_came",
            ),
            models.CheckConstraint(
                condition=Q(received_paise=F("allocated_paise")) | ~Q(aside_as=""), name="all_money_has_a_meaning"
            ),
            models.CheckConstraint(
                condition=Q(allocated_paise=0) | Q(order__isnull=False), name="allocated_money_has_an_order"
            ),
            models.CheckConstraint(
                condition=Q(refunding_paise__gte=0, refunding_paise__lte=F("received_paise")),
                name="refunds_stay_within_what_came",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(aside_as__in=["unmatched", "review"]),
                name="money_without_an_order_is_unmatched",
            ),
            models.CheckConstraint(condition=Q(amount_paise__gte=0), name="payment_amount_is_not_negative"),
            models.UniqueConstraint(
                fields=("gateway", "gateway_payment_id"),
                condition=~Q(gateway_payment_id=""),
                name="gateway_payment_is_there_once",
            ),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(tender="gateway", state__in=["new", "pending"]),
                name="order_has_one_open_payment",
            ),
            # Slips and transfers: one reference pays once.
            models.UniqueConstraint(
                fields=("tender", "reference"),
                condition=~Q(reference="") & Q(tender__in=["card_slip", "bank_transfer"]),
                name="payment_reference_is_used_once",
            ),
        ]
        indexes = [
            models.Index(fields=("order", "id"), name="payment_by_order"),
            models.Index(fields=("qr_id",), condition=~Q(qr_id=""), name="payment_by_qr"),
            models.Index(
                fields=("gateway_order_id",), condition=~Q(gateway_order_id=""), name="payment_by_gateway_order"
            ),
            models.Index(fields=("next_look_at",), condition=Q(next_look_at__isnull=False), name="payment_to_look_at"),
            models.Index(fields=("id",), condition=~Q(aside_as=""), name="payment_set_aside"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Refund(models.Model):
    """Money given back, of one payment. A failed one stays; another try is another row with another key.

    `of_aside` says which part of the payment goes back: what was set aside, or what had paid for the order. One that
    the gateway made by itself is recorded with `asked_by` = `gateway`.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "To be sent"
        SUBMITTED = "submitted", "Sent, not yet done"
        PROCESSED = "processed", "Done"
        FAILED = "failed", "Failed"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(
        "ticketing.Order", on_delete=models.PROTECT, related_name="refunds", null=True, blank=True
    )
    amount_paise = models.BigIntegerField()
    of_aside = models.BooleanField("of money set aside", default=False)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    key = models.CharField(max_length=40, unique=True, help_text="Under which the gateway refunds once.")
    gateway_refund_id = models.CharField(max_length=40, blank=True, default="")
    bank_reference = models.CharField(max_length=40, blank=True, default="")
    reason_code = models.CharField(max_length=32)
    note = models.CharField(max_length=400, blank=True, default="")
    actor = models.CharField(max_length=64)
    failure = models.CharField(max_length=200, blank=True, default="")
    requested_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    is_document_due = models.BooleanField("needs its credit note", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["requested", "submitted", "processed", "failed"]), name="refund_state_is_known"
            ),
            models.CheckConstraint(condition=Q(amount_paise__gt=0), name="refund_is_of_something"),
            models.CheckConstraint(condition=~Q(reason_code=""), name="refund_says_why"),
            models.CheckConstraint(
                condition=Q(of_aside=True) | Q(order__isnull=False), name="refund_of_a_sale_names_its_order"
            ),
            models.UniqueConstraint(
                fields=("gateway_refund_id",), condition=~Q(gateway_refund_id=""), name="gateway_refund_is_there_once"
            ),
        ]
        indexes = [
            models.Index(fields=("next_try_at",), condition=Q(next_try_at__isnull=False), name="refund_to_try"),
            models.Index(fields=("id",), condition=Q(state="failed"), name="refund_failed"),
            models.Index(fields=("id",), condition=Q(state__in=["requested", "submitted"]), name="refund_not_done"),
            models.Index(fields=("id",), condition=Q(is_document_due=True), name="refund_needs_its_document"),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"
