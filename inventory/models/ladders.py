"""Release ladders: dated steps on which a hold or an allocation gives places back."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ReleaseStep(models.Model):
    """At this time, this share of an allocation or of a hold goes to that allocation.

    A share is of what is still unsold at that moment: of the allocation's open places, or of the places the hold still
    has; the worst places go first. A hundred per cent takes everything that carries the label, so that what is
    locked or sold follows when it returns. A step counts from its second on, whether or not a worker has been.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="release_steps", db_index=False)
    allocation = models.ForeignKey(
        "inventory.Allocation", on_delete=models.PROTECT, related_name="release_steps", null=True, blank=True
    )
    hold = models.ForeignKey(
        "inventory.Hold", on_delete=models.PROTECT, related_name="release_steps", null=True, blank=True
    )
    at = models.DateTimeField("at")
    share_percent = models.PositiveSmallIntegerField(
        "share (per cent)", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    quantity = models.PositiveIntegerField("places", null=True, blank=True, validators=[MinValueValidator(1)])
    to_allocation = models.ForeignKey(
        "inventory.Allocation",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Empty: the open pool for an allocation's step, each place's own allocation for a hold's.",
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    movement = models.ForeignKey(
        "inventory.Movement", on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("show", "at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(allocation__isnull=False, hold__isnull=True)
                | Q(allocation__isnull=True, hold__isnull=False),
                name="release_step_is_of_an_allocation_or_a_hold",
                violation_error_message="A step belongs to an allocation or to a hold: name one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=False, quantity__isnull=True)
                | Q(share_percent__isnull=True, quantity__isnull=False),
                name="release_step_is_a_share_or_a_number",
                violation_error_message="Give a share in per cent or a number of places, one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__gte=1, share_percent__lte=100),
                name="release_step_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1), name="release_step_is_some"
            ),
            models.CheckConstraint(
                condition=Q(to_allocation__isnull=True)
                | Q(allocation__isnull=True)
                | ~Q(to_allocation=F("allocation")),
                name="release_step_leads_elsewhere",
                violation_error_message="A step leads to another allocation than its own.",
            ),
        ]
        indexes = [
            models.Index(fields=("show", "at"), condition=Q(done_at__isnull=True), name="release_step_due"),
        ]

    def __str__(self) -> str:
        much = f"{self.share_percent} %" if self.share_percent else f"{self.quantity} places"
        return f"{much} at {timezone.localtime(self.at):%d %b %H:%M}"
