"""What gateways told us: the raw inbox. A row first, the answer next, the work afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class GatewayEvent(models.Model):
    """One genuine webhook, kept as it came and sealed, since it names people. Its event id is taken once.

    `outcome` says what came of it; `error` why it could not be worked on yet.
    """

    gateway = models.CharField(max_length=16)
    event_id = models.CharField(max_length=64)
    sealed = models.BinaryField(help_text="The raw body, enciphered; emptied when it is old.")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=40, blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("gateway", "event_id"), name="gateway_event_is_taken_once"),
        ]
        indexes = [
            models.Index(fields=("next_try_at", "id"), condition=Q(done_at__isnull=True), name="gateway_event_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.event_id}"
