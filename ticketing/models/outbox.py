"""What is to be sent to a buyer: a row when it is due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# Errors that nobody has to look at: nothing is wrong yet, nobody can be written to, or there is nothing to say.
NOBODYS_FAULT = ("", "not_by_mail", "no_contact", "no_tickets_left", "nothing_goes_back", "erased", "show_is_over")


class Letter(models.Model):
    """One message about one order: tickets, a refund, an apology. Tried again while it could not be sent.

    Due while `due_at` says when; done when `sent_at` does. With neither it is given up, and `error` says why, without
    the contact. `actor` is who asked for it once more; '' where an event did.
    """

    class Kind(models.TextChoices):
        TICKETS = "tickets", "Tickets"
        REFUND = "refund", "Refund on its way"
        LATE_REFUND = "late_refund", "Paid too late, refund on its way"
        CANCELLED = "cancelled", "Order cancelled"

    order = models.ForeignKey("ticketing.Order", on_delete=models.PROTECT, related_name="letters", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    about = models.BigIntegerField(default=0, help_text="The refund it tells of, or how often tickets were asked for.")
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")
    actor = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("order", "kind", "about"), name="letter_is_written_once"),
        ]
        indexes = [
            models.Index(
                fields=("due_at",), condition=Q(due_at__isnull=False, sent_at__isnull=True), name="letter_due"
            ),
            # What a person may have to see to is few, and asked for by every start page.
            models.Index(
                fields=("id",),
                condition=Q(sent_at__isnull=True) & ~Q(error__in=NOBODYS_FAULT),
                name="letter_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for order {self.order_id}"
