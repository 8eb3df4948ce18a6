"""Tickets: issued when places and money are both certain, void for good when either is taken back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Ticket(models.Model):
    """Admission for one place. Its code is computed from this row and the key, and is the same each time.

    That line, show, place and sale are there and agree is looked at by the trigger as it is issued; none is ever
    deleted.
    """

    order = models.ForeignKey("ticketing.Order", on_delete=models.PROTECT, related_name="tickets", db_index=False)
    line = models.ForeignKey(
        "ticketing.OrderLine", on_delete=models.PROTECT, related_name="tickets", db_index=False, db_constraint=False
    )
    show = models.ForeignKey(
        "inventory.Show", on_delete=models.PROTECT, related_name="tickets", db_index=False, db_constraint=False
    )
    place = models.ForeignKey(
        "inventory.Place", on_delete=models.PROTECT, related_name="tickets", db_index=False, db_constraint=False
    )
    sale = models.ForeignKey(
        "inventory.Claim", on_delete=models.PROTECT, related_name="tickets", db_index=False, db_constraint=False
    )
    serial = models.PositiveIntegerField(default=1, help_text="The how-manieth code of this ticket.")
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=("place",), condition=Q(voided_at__isnull=True), name="place_has_one_live_ticket"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="void_ticket_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=("order", "id"), name="ticket_by_order"),
            models.Index(fields=("show", "id"), name="ticket_by_show"),
            models.Index(fields=("place", "id"), name="ticket_by_place"),
        ]

    def __str__(self) -> str:
        return f"ticket {self.pk}"
