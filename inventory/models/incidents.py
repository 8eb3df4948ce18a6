"""Incidents: refusals that somebody should look at. Written outside the refused transaction, so they stay."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Incident(models.Model):
    """Something refused that is worth a look, and how often within one hour."""

    class Kind(models.TextChoices):
        LOCK_REFUSED_BY_FREEZE = "lock_refused_by_freeze", "Lock refused by a freeze"
        LATE_MONEY = "late_money", "Money came when the places were gone"
        REFUNDED_BY_GATEWAY = "refunded_by_gateway", "The gateway gave money back by itself"

    kind = models.CharField(max_length=32, choices=Kind)
    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="incidents", db_index=False)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+", null=True)
    subject = models.CharField(max_length=64, help_text="What it is about, such as `freeze:7`.")
    facts = models.JSONField(default=dict)
    hour_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-last_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("show", "kind", "subject", "channel", "hour_at"),
                nulls_distinct=False,
                name="incident_counts_within_its_hour",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["lock_refused_by_freeze", "late_money", "refunded_by_gateway"]),
                name="incident_kind_is_known",
            ),
        ]
        # By the hour, which never changes: an index of the last one's moment would be written by every refusal.
        indexes = [models.Index(fields=("hour_at",), name="incident_by_hour")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
