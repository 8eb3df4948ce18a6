"""The ledger: movements and their entries. Appended, never changed; PostgreSQL refuses anything else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Verb(models.TextChoices):
    """Everything that may happen to stock. Each verb is one service and one movement."""

    LOAD_MANIFEST = "load_manifest", "Load manifest"
    ADD_PLACES = "add_places", "Add places"
    LOCK_PLACES = "lock_places", "Lock places"
    EXTEND_LOCK = "extend_lock", "Extend lock"
    BEGIN_PAYMENT = "begin_payment", "Begin payment"
    END_PAYMENT = "end_payment", "End payment"
    RELEASE_LOCK = "release_lock", "Release lock"
    EXPIRE_LOCKS = "expire_locks", "Expire locks"
    COMMIT_LOCK = "commit_lock", "Commit lock"
    RETURN_SOLD = "return_sold", "Return sold"
    SWAP_PLACES = "swap_places", "Swap places"
    PLACE_HOLD = "place_hold", "Place hold"
    EXTEND_HOLD = "extend_hold", "Extend hold"
    RELEASE_HOLD = "release_hold", "Release hold"
    SELL_FROM_HOLD = "sell_from_hold", "Sell from hold"
    KILL_PLACES = "kill_places", "Kill places"
    UNKILL_PLACES = "unkill_places", "Unkill places"
    ALLOCATE_PLACES = "allocate_places", "Allocate places"
    RUN_DUE_RELEASES = "run_due_releases", "Run due releases"
    FREEZE = "freeze", "Freeze"
    THAW = "thaw", "Thaw"


class Movement(models.Model):
    """The header of one act on one show: which verb, under which claim, for which channel, by whom, why, when.

    `quantity` is how many places the act moved, and the trigger refuses a statement that moved another number.
    `at` is the act's time; the database adds `recorded_at` and the transaction's id, which no program can set.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="movements", db_index=False)
    verb = models.CharField(max_length=16, choices=Verb)
    claim = models.ForeignKey(
        "inventory.Claim", on_delete=models.PROTECT, related_name="movements", null=True, blank=True, db_index=False
    )
    channel = models.ForeignKey(
        "inventory.Channel", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    actor = models.CharField(max_length=64)
    reason_code = models.CharField(max_length=32, blank=True)
    quantity = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("show", "id"), name="movement_of_its_show"),
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="movement_verb_is_known"),
            models.CheckConstraint(condition=~Q(actor=""), name="movement_names_its_actor"),
        ]
        indexes = [
            models.Index(fields=("claim",), condition=Q(claim__isnull=False), name="movement_by_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.pk}"


class MovementNote(models.Model):
    """Free text beside a movement. It can be erased; the movement cannot."""

    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, primary_key=True, related_name="note")
    text = models.TextField(max_length=2000)

    def __str__(self) -> str:
        return self.text[:60]


class Entry(models.Model):
    """One place's line of a movement: from what, to what. Written by the trigger alone.

    Ids ascend along one place's history, since a place's row stays locked from its change to the commit. A place's
    first entry comes from nothing: its `from_` fields are empty.
    """

    movement = models.ForeignKey(
        Movement, on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    place = models.ForeignKey(
        "inventory.Place", on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    from_status = models.CharField(max_length=6, blank=True)
    to_status = models.CharField(max_length=6)
    from_claim = models.BigIntegerField(null=True)
    to_claim = models.BigIntegerField(null=True)
    from_allocation = models.BigIntegerField(null=True)
    to_allocation = models.BigIntegerField()
    from_tier = models.BigIntegerField(null=True)
    to_tier = models.BigIntegerField()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=("movement", "place"), name="place_moves_once_under_a_movement"),
        ]
        indexes = [models.Index(fields=("place", "id"), name="entry_by_place")]

    def __str__(self) -> str:
        return f"{self.from_status or 'nothing'} to {self.to_status}"
