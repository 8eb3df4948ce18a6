"""Where and what: venues, shows, their sections and tiers, and the places themselves."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

COLOUR = RegexValidator(r"^(#[0-9a-fA-F]{6})?$", "A colour is written #rrggbb.")


class Venue(models.Model):
    """A building. Its state decides the place of supply of every show in it."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    city = models.CharField(max_length=60)
    state_code = models.CharField(
        "GST state code",
        max_length=2,
        validators=[RegexValidator(r"^\d{2}$", "Two digits, as in a GSTIN.")],
        help_text="Two digits, as at the start of a GSTIN: 27 is Maharashtra, 29 Karnataka.",
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Show(models.Model):
    """One performance: its stock, its clock and its limits. Two performances of a play are two shows."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ON_SALE = "on_sale", "On sale"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    class OrphanRule(models.TextChoices):
        REFUSE = "refuse", "Refuse"
        WARN = "warn", "Warn"
        OFF = "off", "Off"

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="shows")
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    lock_for_s = models.PositiveIntegerField(
        "lock lasts (seconds)",
        default=480,
        validators=[MinValueValidator(30), MaxValueValidator(1800)],
        help_text="How long a cart keeps its places. Everybody sees this clock run.",
    )
    lock_cap_s = models.PositiveIntegerField(
        "lock ends at the latest after (seconds)",
        default=1800,
        validators=[MinValueValidator(30), MaxValueValidator(1800)],
        help_text="No extension and no payment keeps a place locked longer than this.",
    )
    retry_for_s = models.PositiveIntegerField(
        "time to try again (seconds)",
        default=120,
        validators=[MaxValueValidator(600)],
        help_text="What a buyer whose payment failed has left at least, within the cap.",
    )
    cap_per_session = models.PositiveIntegerField("live places per session", default=10)
    cap_per_address = models.PositiveIntegerField("live places per network address", default=60)
    cap_per_contact = models.PositiveIntegerField("live places per contact", default=10)
    orphan_rule = models.CharField(
        "a choice that strands a single seat is",
        max_length=6,
        choices=OrphanRule,
        default=OrphanRule.WARN,
        help_text="Refused only where another choice in the same row would strand none.",
    )
    watch_payment_for_s = models.PositiveIntegerField(
        "lapsed payments are watched for (seconds)",
        default=259_200,
        validators=[MaxValueValidator(604_800)],
        help_text="Money may still arrive so long after a payment's places were given back: it counts as exposure.",
    )
    manifest_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("starts_at", "title")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "on_sale", "paused", "closed", "cancelled"]), name="show_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(orphan_rule__in=["refuse", "warn", "off"]), name="show_orphan_rule_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lock_for_s__gte=30, lock_for_s__lte=F("lock_cap_s"), lock_cap_s__lte=1800),
                name="show_lock_is_within_its_cap",
                violation_error_message="A lock lasts from 30 seconds to its cap, and the cap is 30 minutes at most.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A block of a show's house: numbered seats, or general admission."""

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="sections")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    is_ga = models.BooleanField("general admission", default=False)
    ordinal = models.PositiveIntegerField("order", default=0)

    class Meta:
        ordering = ("show", "ordinal", "id")
        constraints = [
            models.UniqueConstraint(fields=("show", "code"), name="section_code_is_unique_in_its_show"),
            models.UniqueConstraint(fields=("id", "show"), name="section_of_its_show"),
        ]

    def __str__(self) -> str:
        return self.name


class Tier(models.Model):
    """A price level of a show. What it costs is not here."""

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="tiers")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    colour = models.CharField(max_length=7, blank=True, default="", validators=[COLOUR])
    ordinal = models.PositiveIntegerField("order", default=0)

    class Meta:
        ordering = ("show", "ordinal", "id")
        constraints = [
            models.UniqueConstraint(fields=("show", "code"), name="tier_code_is_unique_in_its_show"),
            models.UniqueConstraint(fields=("id", "show"), name="tier_of_its_show"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """One sellable unit: a numbered seat, or one general-admission admission. One place, one row, one state.

    The columns below the line move only by a verb, under a movement: PostgreSQL's triggers refuse anything else
    (`migrations/0002_referee.sql`). Foreign keys that must agree on the show are composite and live there too.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        LOCKED = "locked", "Locked"
        HELD = "held", "Held"
        LEASED = "leased", "Leased"
        SOLD = "sold", "Sold"
        KILLED = "killed", "Killed"

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="places", db_index=False)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="places", db_index=False, db_constraint=False
    )
    row = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=12)
    run = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    rank = models.PositiveIntegerField()
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    is_accessible = models.BooleanField("accessible", default=False)
    is_companion = models.BooleanField("companion", default=False)
    is_restricted_view = models.BooleanField("restricted view", default=False)
    # ------------------------------------------------------------------------------------------------------------
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="places", db_index=False, db_constraint=False)
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    claim = models.ForeignKey(
        "inventory.Claim",
        on_delete=models.PROTECT,
        related_name="places",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    allocation = models.ForeignKey(
        "inventory.Allocation", on_delete=models.PROTECT, related_name="places", db_index=False, db_constraint=False
    )
    movement = models.ForeignKey(
        "inventory.Movement", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ("show", "rank", "id")
        constraints = [
            # The show stands first so that this index also finds a show's places.
            models.UniqueConstraint(fields=("show", "section", "row", "number"), name="place_is_unique_in_its_section"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "locked", "held", "leased", "sold", "killed"]),
                name="place_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="open", claim__isnull=True) | (~Q(status="open") & Q(claim__isnull=False)),
                name="place_open_exactly_without_claim",
            ),
        ]
        indexes = [
            # The one index a sale walks: a channel's own allocations, then the pool, each its own range, best first.
            models.Index(
                fields=("show", "tier", "allocation", "rank", "id"),
                condition=Q(status="open"),
                name="place_open_best_first",
            ),
            models.Index(fields=("claim",), condition=Q(claim__isnull=False), name="place_by_claim"),
            # Few, and asked for by themselves: best available looks at the rows they stand in.
            models.Index(fields=("show", "section", "row"), condition=Q(is_accessible=True), name="place_accessible"),
        ]

    def __str__(self) -> str:
        return f"{self.row}-{self.number}" if self.row else f"#{self.number}"
