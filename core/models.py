"""What every door keeps: the answers already given, by Idempotency-Key."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The answer that a write got, for good: the same key in the same hands gets it again, with another body never.

    `scope` is a digest of whose key it is, `request` one of method, path and body. Written in the very transaction
    that did the work, so there is an answer exactly if the work was done.
    """

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("scope", "key"), name="idempotency_key_is_used_once")]

    def __str__(self) -> str:
        return f"{self.status} {self.key}"
