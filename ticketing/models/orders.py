"""Orders: who wants which places for how much. The lock owns the places, the order the money."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Order(models.Model):
    """What one buyer pays for, once. Its lines and total never change; its state moves as `0002_referee.sql` allows.

    `lock` is the lock it was made of, or a hold of its own that waits for a party's money; `sale` the claim it became.
    What was given out of a hold has its sale as both. Whoever made it is
    known by `buyer`, a digest of the caller's name. `returned_paise` is the part of its value that was cancelled later.
    """

    class State(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", "Awaiting payment"
        CONFIRMED = "confirmed", "Confirmed"
        EXPIRED = "expired", "Expired"
        IN_REVIEW = "in_review", "In review"
        CANCELLED = "cancelled", "Cancelled"

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="orders", db_index=False)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+", db_index=False)
    lock = models.OneToOneField("inventory.Claim", on_delete=models.PROTECT, related_name="order")
    sale = models.ForeignKey(
        "inventory.Claim", on_delete=models.PROTECT, related_name="sold_by", null=True, blank=True, db_index=False
    )
    state = models.CharField(max_length=16, choices=State, default=State.AWAITING_PAYMENT)
    total_paise = models.BigIntegerField()
    returned_paise = models.BigIntegerField(default=0)
    quantity = models.PositiveIntegerField()
    buyer = models.CharField(max_length=32)
    actor = models.CharField(max_length=64)
    contact_digest = models.CharField(max_length=32, blank=True, default="")
    is_late = models.BooleanField("paid late", default=False)
    reason_code = models.CharField(max_length=32, blank=True, default="", help_text="Why it was cancelled or reviewed.")
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_document_due = models.BooleanField("needs its document", default=False)

    class Meta:
        ordering = ("-id",)
        permissions = [
            ("refund_order", "Can refund a paid order"),
            ("cancel_order", "Can cancel an unpaid order"),
            ("resend_tickets", "Can send an order's tickets again"),
            ("erase_contact", "Can erase whom an order is for"),
            ("reseat_order", "Can give an order other seats of the same tier"),
            ("sell_from_hold", "Can sell from a hold and record its party's money"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["awaiting_payment", "confirmed", "expired", "in_review", "cancelled"]),
                name="order_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, sale__isnull=False),
                name="confirmed_order_has_its_sale",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(state__in=["confirmed", "cancelled"]),
                name="once_confirmed_an_order_is_only_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(returned_paise__gte=0, returned_paise__lte=F("total_paise")),
                name="order_returns_at_most_its_total",
            ),
            models.CheckConstraint(condition=Q(total_paise__gte=0), name="order_total_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=("show", "id"), name="order_by_show"),
            models.Index(fields=("buyer", "id"), name="order_by_buyer"),
            models.Index(fields=("show", "contact_digest"), condition=~Q(contact_digest=""), name="order_by_contact"),
            models.Index(fields=("placed_at",), condition=Q(state="awaiting_payment"), name="order_awaiting_payment"),
            models.Index(fields=("id",), condition=Q(state="in_review"), name="order_in_review"),
            models.Index(
                fields=("confirmed_at", "id"), condition=Q(is_document_due=True), name="order_needs_its_document"
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"


class OrderLine(models.Model):
    """One place of an order: its price and tax as they were when it was locked, and why it cost what it did."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    place = models.ForeignKey("inventory.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.ForeignKey("inventory.Tier", on_delete=models.PROTECT, related_name="+", db_index=False)
    price = models.ForeignKey("ticketing.Price", on_delete=models.PROTECT, related_name="+", db_index=False)
    exception = models.ForeignKey(
        "ticketing.PriceException", on_delete=models.PROTECT, related_name="lines", null=True, blank=True
    )
    paise = models.BigIntegerField()
    net_paise = models.BigIntegerField()
    cgst_paise = models.BigIntegerField(default=0)
    sgst_paise = models.BigIntegerField(default=0)
    igst_paise = models.BigIntegerField(default=0)
    local_tax_paise = models.BigIntegerField(default=0)
    rate_bp = models.PositiveIntegerField(default=0)
    is_exempt = models.BooleanField(default=False)
    sac = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=("order", "place"), name="order_names_a_place_once"),
            models.CheckConstraint(
                condition=Q(
                    paise=F("net_paise") + F("cgst_paise") + F("sgst_paise") + F("igst_paise") + F("local_tax_paise")
                ),
                name="line_adds_up",
            ),
            models.CheckConstraint(condition=Q(cgst_paise=F("sgst_paise")), name="line_halves_are_equal"),
            models.CheckConstraint(
                condition=Q(net_paise__gte=0, cgst_paise__gte=0, igst_paise__gte=0, local_tax_paise__gte=0),
                name="line_has_no_negative_part",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class OrderContact(models.Model):
    """The buyer's one contact, and a name if they gave one; a guest may have a name alone. Erasable without touching
    order or ledger.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="contact")
    contact = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(contact="") | ~Q(name=""), name="order_contact_names_somebody")
        ]

    def __str__(self) -> str:
        return f"contact of order {self.order_id}"


class ContactErasure(models.Model):
    """The buyer's contact of an order was taken out: when, by whom and why. Kept, and names nobody but who did it."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="contact_erasure")
    actor = models.CharField(max_length=64)
    reason_code = models.CharField(max_length=32)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact of order {self.order_id} erased"
