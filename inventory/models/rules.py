"""Who may sell what: channels, and allocations of the one pool. Rules label places; they never copy stock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Channel(models.Model):
    """Who is asking: the web, the counter, a partner. It comes from the credential, never from a request's body."""

    class Kind(models.TextChoices):
        WEB = "web", "Web"
        COUNTER = "counter", "Counter"
        PARTNER = "partner", "Partner"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    is_capped = models.BooleanField(
        "caps apply", default=True, help_text="Whether a session, an address and a contact are limited in live places."
    )
    is_active = models.BooleanField("may sell", default=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["web", "counter", "partner"]), name="channel_kind_is_known")
        ]
        permissions = [("use_counter", "Can sell at the counter")]

    def __str__(self) -> str:
        return self.name


class Allocation(models.Model):
    """A label on places that says which channels may sell them, and from when.

    Every place has exactly one. The pool is everybody's; an allocation that has closed counts as pool. A channel that
    has an opening in the pool itself sells it, and what counts as pool, from then on.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="allocations")
    name = models.CharField(max_length=60)
    is_pool = models.BooleanField("the open pool", default=False)
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="From this moment the places count as the open pool."
    )
    channels = models.ManyToManyField(Channel, through="inventory.AllocationChannel", related_name="allocations")

    class Meta:
        ordering = ("show", "-is_pool", "name")
        permissions = [("slice_pool", "Can slice the pool by channel and set from when each sells")]
        constraints = [
            models.UniqueConstraint(fields=("show", "name"), name="allocation_name_is_unique_in_its_show"),
            models.UniqueConstraint(fields=("show",), condition=Q(is_pool=True), name="show_has_one_pool"),
            models.UniqueConstraint(fields=("id", "show"), name="allocation_of_its_show"),
            models.CheckConstraint(condition=Q(is_pool=False) | Q(closes_at__isnull=True), name="pool_never_closes"),
        ]

    def __str__(self) -> str:
        return self.name


class AllocationChannel(models.Model):
    """One channel that may sell from an allocation, and from when; no time means from the start."""

    allocation = models.ForeignKey(Allocation, on_delete=models.CASCADE, related_name="openings")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="openings")
    opens_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("allocation", "channel"), name="allocation_names_a_channel_once")
        ]

    def __str__(self) -> str:
        if self.opens_at is None:
            return str(self.channel)
        return f"{self.channel} from {timezone.localtime(self.opens_at):%d %b %H:%M}"
