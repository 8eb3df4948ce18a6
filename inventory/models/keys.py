"""API keys: how a program says which channel it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ApiKey(models.Model):
    """A credential of one channel. Only its digest is kept, so it is shown once, when it is made; it can be revoked."""

    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=60, help_text="Who uses it, for you to know which one to revoke.")
    prefix = models.CharField(max_length=12, editable=False, help_text="How the key begins.")
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("digest",), name="api_key_is_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
