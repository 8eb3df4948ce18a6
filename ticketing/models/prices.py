"""What a ticket costs: a price for each tier, and the exceptions that a channel may have, each with its reason.

All amounts are inclusive of tax and every compulsory charge, in paise. A price is never changed: another one begins.
So what a place cost at the second it was locked can always be looked up, and is what its buyer pays.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Reading(models.TextChoices):
    """How a price between two tax bands is read. Such a price needs a choice, and a choice needs its reason."""

    PLAIN = "", "As the bands say"
    LOWER = "lower", "In the lower band, though it exceeds it with tax"
    UPPER = "upper", "In the upper band, though it is within the lower without tax"


class Price(models.Model):
    """What a tier costs from a moment on, on every channel without an exception; until the next one begins."""

    tier = models.ForeignKey("inventory.Tier", on_delete=models.PROTECT, related_name="prices", db_index=False)
    paise = models.BigIntegerField()
    from_at = models.DateTimeField()
    reading = models.CharField(max_length=5, choices=Reading, blank=True, default=Reading.PLAIN)
    reading_reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("tier", "-from_at", "-id")
        permissions = [("set_price", "Can set prices")]
        constraints = [
            models.CheckConstraint(condition=Q(paise__gte=100), name="price_is_at_least_a_rupee"),
            models.UniqueConstraint(fields=("tier", "from_at"), name="tier_has_one_price_at_a_time"),
            models.CheckConstraint(
                condition=Q(reading="") | (Q(reading__in=["lower", "upper"]) & ~Q(reading_reason="")),
                name="price_between_bands_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paise / 100:.2f} from {self.from_at:%d %b %Y}"


class PriceException(models.Model):
    """A channel sells a tier at another price, for a reason that somebody approved, until an end.

    Of several in force the one that began last holds. Only its end may still be brought nearer.
    """

    tier = models.ForeignKey("inventory.Tier", on_delete=models.PROTECT, related_name="exceptions", db_index=False)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+")
    paise = models.BigIntegerField()
    reason_code = models.CharField(max_length=32)
    note = models.CharField(max_length=400)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reading = models.CharField(max_length=5, choices=Reading, blank=True, default=Reading.PLAIN)
    reading_reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("tier", "channel", "-begins_at", "-id")
        permissions = [("approve_price_exception", "Can let a channel sell at another price")]
        constraints = [
            models.CheckConstraint(condition=Q(paise__gte=100), name="price_exception_is_at_least_a_rupee"),
            models.CheckConstraint(condition=~Q(reason_code="") & ~Q(note=""), name="price_exception_says_why"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("begins_at")), name="price_exception_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(reading="") | (Q(reading__in=["lower", "upper"]) & ~Q(reading_reason="")),
                name="price_exception_between_bands_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=("tier", "channel", "begins_at"), name="price_exception_by_tier")]

    def __str__(self) -> str:
        return f"{self.paise / 100:.2f} on {self.channel}: {self.reason_code}"
