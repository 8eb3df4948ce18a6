"""What an organiser's accountant settles: who sells, how an event is taxed, and on which terms a show is sold.

All of it is configuration with dates; none of it is in code. Sources: docs/adr/0016.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q


class Seller(models.Model):
    """A registration of the organiser: whose name stands on the documents, and in which state."""

    class GstStatus(models.TextChoices):
        UNREGISTERED = "unregistered", "Not registered"
        COMPOSITION = "composition", "Composition scheme"
        REGULAR = "regular", "Regular"

    code = models.CharField(
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]{3}$", "Three capital letters or digits.")],
        help_text="Begins every document number: MUM gives MUM/26-27/000123. Never changes once a document is out.",
    )
    legal_name = models.CharField(max_length=120)
    address = models.TextField(max_length=400, blank=True)
    gst_status = models.CharField("GST status", max_length=12, choices=GstStatus, default=GstStatus.UNREGISTERED)
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    state_code = models.CharField(
        "GST state code", max_length=2, validators=[RegexValidator(r"^\d{2}$", "Two digits, as in a GSTIN.")]
    )
    support_contact = models.CharField(max_length=120, blank=True, help_text="What a ticket says where help is.")

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(gst_status__in=["unregistered", "composition", "regular"]), name="gst_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(gst_status="unregistered", gstin="") | (~Q(gst_status="unregistered") & ~Q(gstin="")),
                name="seller_has_a_gstin_exactly_if_registered",
                violation_error_message="A registered seller has a GSTIN; one who is not has none.",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{3}$"), name="seller_code_fits_a_number"),
        ]

    def __str__(self) -> str:
        return self.legal_name


class EventCategory(models.Model):
    """What admission is to, as the tax law sees it. Its rates are its bands; its SAC is text."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    sac = models.CharField("SAC", max_length=12, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "event categories"

    def __str__(self) -> str:
        return self.name


class TaxBand(models.Model):
    """From this day, a price up to so much is taxed at this rate, or not at all; the last band has no upper end.

    A whole price falls into one band: the test is per person, and the rate is on all of it. `basis` says whether the
    threshold is compared with the price with tax in it, or without.
    """

    class Basis(models.TextChoices):
        INCLUSIVE = "inclusive", "Price with tax"
        EXCLUSIVE = "exclusive", "Price without tax"

    category = models.ForeignKey(EventCategory, on_delete=models.PROTECT, related_name="bands")
    from_on = models.DateField()
    up_to_paise = models.BigIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    rate_bp = models.PositiveIntegerField(
        "rate (hundredths of a per cent)", validators=[MaxValueValidator(10_000)], help_text="1800 is 18 %."
    )
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.EXCLUSIVE)
    is_exempt = models.BooleanField("exempt", default=False)
    source = models.CharField(max_length=200, blank=True, help_text="The notification it comes from.")

    class Meta:
        ordering = ("category", "-from_on", F("up_to_paise").asc(nulls_last=True))
        constraints = [
            models.UniqueConstraint(
                fields=("category", "from_on", "up_to_paise"), nulls_distinct=False, name="tax_band_is_there_once"
            ),
            models.CheckConstraint(condition=Q(rate_bp__lte=10_000), name="tax_rate_is_at_most_the_price"),
            models.CheckConstraint(condition=Q(is_exempt=False) | Q(rate_bp=0), name="exempt_band_has_no_rate"),
            models.CheckConstraint(condition=Q(basis__in=["inclusive", "exclusive"]), name="tax_basis_is_known"),
        ]

    def __str__(self) -> str:
        rate = "exempt" if self.is_exempt else f"{self.rate_bp / 100:g} %"
        return f"{rate} up to {self.up_to_paise / 100:g}" if self.up_to_paise else rate


class LocalTax(models.Model):
    """An entertainment tax of a panchayat or a municipality, on top of GST and part of its value."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "local taxes"

    def __str__(self) -> str:
        return self.name


class LocalTaxRate(models.Model):
    """What a local body takes of each payment for admission, from this day."""

    tax = models.ForeignKey(LocalTax, on_delete=models.PROTECT, related_name="rates")
    from_on = models.DateField()
    rate_bp = models.PositiveIntegerField(
        "rate (hundredths of a per cent)", validators=[MaxValueValidator(10_000)], help_text="1000 is 10 %."
    )

    class Meta:
        ordering = ("tax", "-from_on")
        constraints = [
            models.UniqueConstraint(fields=("tax", "from_on"), name="local_tax_has_one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate_bp__lte=10_000), name="local_tax_rate_is_at_most_the_price"),
        ]

    def __str__(self) -> str:
        return f"{self.rate_bp / 100:g} % from {self.from_on}"


class Terms(models.Model):
    """On which terms a show is sold for money: by whom, taxed how, and what happens to late money."""

    class LateMoney(models.TextChoices):
        ACCEPT = "accept", "Take the places again if all are open, else refund"
        REFUND = "refund", "Always refund"

    show = models.OneToOneField("inventory.Show", on_delete=models.PROTECT, primary_key=True, related_name="terms")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(EventCategory, on_delete=models.PROTECT, related_name="+")
    local_tax = models.ForeignKey(LocalTax, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    tickets_per_contact = models.PositiveIntegerField(
        default=10, help_text="So many tickets one contact may have for this show, over all orders."
    )
    late_money = models.CharField(max_length=6, choices=LateMoney, default=LateMoney.ACCEPT)
    pay_for_s = models.PositiveIntegerField(
        "time to pay (seconds)",
        default=360,
        validators=[MinValueValidator(120), MaxValueValidator(1800)],
        help_text="A QR code or a payment link works so long, within the lock's cap.",
    )
    grace_s = models.PositiveIntegerField(
        "grace (seconds)",
        default=120,
        validators=[MaxValueValidator(600)],
        help_text="After a QR code or link has closed, places are kept so much longer, since money may be on its way.",
    )
    buyers_cancel_until_h = models.PositiveIntegerField(
        "buyers may cancel until (hours before the show)",
        null=True,
        blank=True,
        help_text="Empty: a paid order is cancelled by staff only.",
    )
    note_on_ticket = models.TextField(max_length=600, blank=True, help_text="Doors, age, what may be brought.")

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.CheckConstraint(condition=Q(late_money__in=["accept", "refund"]), name="late_money_rule_is_known"),
        ]

    def __str__(self) -> str:
        return f"terms of {self.show}"
