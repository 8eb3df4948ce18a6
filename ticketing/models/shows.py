"""What was decided about a show as a whole: when it went on sale, paused, closed, or was cancelled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ShowChange(models.Model):
    """One step of a show's life: to which state, by whom, and why. Appended, never changed.

    `gives_back` says, of a cancelled show, that whoever paid gets the money back; a task does that, order by order.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="changes", db_index=False)
    state = models.CharField(max_length=10)
    was = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    reason_code = models.CharField(max_length=32)
    note = models.CharField(max_length=500, blank=True, default="")
    gives_back = models.BooleanField("money goes back", default=False)

    class Meta:
        ordering = ("-id",)
        permissions = [
            ("publish_show", "Can put a show on sale, pause it and close it"),
            ("cancel_show", "Can cancel a show"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason_code=""), name="show_change_says_why"),
            models.CheckConstraint(condition=~Q(state=models.F("was")), name="show_change_is_one"),
            models.CheckConstraint(
                condition=Q(gives_back=False) | Q(state="cancelled"), name="only_a_cancelled_show_gives_back"
            ),
            models.UniqueConstraint(fields=("show",), condition=Q(state="cancelled"), name="show_is_cancelled_once"),
        ]
        indexes = [models.Index(fields=("show", "id"), name="change_of_show")]

    def __str__(self) -> str:
        return f"{self.show}: {self.was} to {self.state}"
