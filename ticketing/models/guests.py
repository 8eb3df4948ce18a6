"""Guest lists: a file that came in, and the guests whose tickets were issued by it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class GuestList(models.Model):
    """One file, issued whole: for which show, out of which hold, by whom and why. The file itself is not kept.

    `digest` is of its bytes, so that the same file sent again is known. `claim` is the hold it was given from; one made
    for it where it came out of the pool.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="guest_lists", db_index=False)
    claim = models.ForeignKey("inventory.Claim", on_delete=models.PROTECT, related_name="guest_lists")
    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    guest_count = models.PositiveIntegerField("guests")
    ticket_count = models.PositiveIntegerField("tickets")
    reason_code = models.CharField(max_length=32)
    actor = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        permissions = [("import_guests", "Can import guest lists")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(reason_code=""), name="guest_list_says_what_it_is"),
            models.CheckConstraint(
                condition=Q(guest_count__gte=1, ticket_count__gte=models.F("guest_count")),
                name="guest_list_gives_each_guest_a_ticket",
            ),
        ]
        indexes = [models.Index(fields=("show", "digest"), name="guest_list_by_file")]

    def __str__(self) -> str:
        return self.title


class Guest(models.Model):
    """One row of a list: its order, which knows the name, and the note beside it. The note is erased with the name."""

    guest_list = models.ForeignKey(GuestList, on_delete=models.PROTECT, related_name="guests", db_index=False)
    order = models.OneToOneField("ticketing.Order", on_delete=models.PROTECT, related_name="guest")
    row = models.PositiveIntegerField(help_text="As the spreadsheet counts: the headings are row 1.")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("guest_list", "row")
        constraints = [models.UniqueConstraint(fields=("guest_list", "row"), name="guest_list_reads_a_row_once")]

    def __str__(self) -> str:
        return f"row {self.row}"
