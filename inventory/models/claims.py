"""Why a place is not open: claims, and the named facts of a hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, When


class Claim(models.Model):
    """The reason that some places are not open. Its kind never changes and it ends once.

    A sale is a new claim that names its origin: the lock, hold or lease it came from. A hold with a reference is
    ordered, and waits for its money: it has no end and no ladder. A lock has a phase and is
    due at `expires_at` while browsing, at `hard_until` while paying. Who holds a lock is kept as keyed digests
    only, enough to count by.
    """

    class Kind(models.TextChoices):
        LOCK = "lock", "Lock"
        HOLD = "hold", "Hold"
        KILL = "kill", "Kill"
        LEASE = "lease", "Lease"
        SALE = "sale", "Sale"

    class Phase(models.TextChoices):
        NONE = "", "-"
        BROWSING = "browsing", "Browsing"
        PAYING = "paying", "Payment pending"

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="claims", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind)
    channel = models.ForeignKey(
        "inventory.Channel", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    phase = models.CharField(max_length=8, choices=Phase, blank=True, default=Phase.NONE)
    expires_at = models.DateTimeField(null=True, blank=True)
    hard_until = models.DateTimeField(null=True, blank=True)
    due_at = models.GeneratedField(
        expression=Case(When(phase="browsing", then=F("expires_at")), When(phase="paying", then=F("hard_until"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    session = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(max_length=32, blank=True, default="")
    contact = models.CharField(max_length=32, blank=True, default="")
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="outcomes", null=True, blank=True, db_index=False
    )
    reference = models.CharField(max_length=64, blank=True, default="", help_text="The order, opaque to the ledger.")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    watched_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Its payment lapsed, and money may still come until then: it counts as exposure.",
    )

    class Meta:
        ordering = ("-id",)
        constraints = [
            # The target of every composite foreign key that says: this place's claim is of this show and this kind.
            models.UniqueConstraint(fields=("show", "kind", "id"), name="claim_of_its_show_and_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["lock", "hold", "kill", "lease", "sale"]), name="claim_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="lock", phase__in=["browsing", "paying"]) | (~Q(kind="lock") & Q(phase="")),
                name="claim_has_a_phase_exactly_as_a_lock",
            ),
            models.CheckConstraint(
                condition=~Q(kind="lock")
                | Q(expires_at__isnull=False, hard_until__isnull=False, expires_at__lte=F("hard_until")),
                name="lock_expires_within_its_cap",
            ),
            models.CheckConstraint(condition=~Q(kind="lease") | Q(expires_at__isnull=False), name="lease_has_an_end"),
            models.CheckConstraint(
                condition=~Q(kind__in=["lock", "lease", "sale"]) | Q(channel__isnull=False),
                name="claim_names_its_channel",
            ),
            models.CheckConstraint(condition=Q(origin__isnull=True) | Q(kind="sale"), name="only_a_sale_has_an_origin"),
            # What was ordered out of a hold and is not paid yet is given away by no clock.
            models.CheckConstraint(
                condition=~Q(kind="hold") | Q(reference="") | Q(expires_at__isnull=True),
                name="ordered_hold_has_no_end",
            ),
            models.CheckConstraint(
                condition=Q(watched_until__isnull=True) | Q(kind="lock", phase="paying", ended_at__isnull=False),
                name="only_a_lapsed_payment_is_watched",
            ),
        ]
        indexes = [
            models.Index(fields=("show", "due_at"), condition=Q(kind="lock", ended_at__isnull=True), name="lock_due"),
            models.Index(
                fields=("show", "expires_at"),
                condition=Q(kind="hold", ended_at__isnull=True, expires_at__isnull=False),
                name="hold_due",
            ),
            # A payment that lapsed: its lock ended while paying. Money may still come, so it counts as exposure.
            models.Index(
                fields=("show", "watched_until"), condition=Q(watched_until__isnull=False), name="lock_watched"
            ),
            models.Index(
                fields=("session",), condition=Q(ended_at__isnull=True) & ~Q(session=""), name="lock_by_session"
            ),
            models.Index(
                fields=("address",), condition=Q(ended_at__isnull=True) & ~Q(address=""), name="lock_by_address"
            ),
            models.Index(
                fields=("contact",), condition=Q(ended_at__isnull=True) & ~Q(contact=""), name="lock_by_contact"
            ),
            models.Index(fields=("origin",), condition=Q(origin__isnull=False), name="claim_by_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Hold(models.Model):
    """The named facts of a hold: for whom, why, and who may break it. Erasable without touching the ledger."""

    class Purpose(models.TextChoices):
        SPONSOR = "sponsor", "Sponsor"
        INFLUENCER = "influencer", "Influencer"
        CORPORATE = "corporate", "Corporate"
        ARTIST = "artist", "Artist"
        PRESS = "press", "Press"
        HOUSE = "house", "House"

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, primary_key=True, related_name="hold")
    purpose = models.CharField(max_length=10, choices=Purpose)
    party = models.CharField(max_length=120)
    contact = models.CharField(max_length=120, blank=True)
    breakable_by = models.CharField(
        "may be broken by", max_length=60, blank=True, help_text="A person or a role; empty means any manager."
    )

    class Meta:
        permissions = [
            ("place_hold", "Can hold places and extend holds"),
            ("break_hold", "Can break holds and release places from them"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["sponsor", "influencer", "corporate", "artist", "press", "house"]),
                name="hold_purpose_is_known",
            ),
            models.CheckConstraint(condition=~Q(party=""), name="hold_names_its_party"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.party}"
