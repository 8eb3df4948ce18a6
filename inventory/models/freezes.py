"""Freezes: selling stopped, by a person or by rule. A freeze is a fact with a beginning and an end in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def rule_in_words(what: str, channel: str, margin: int) -> str:
    """`stop selling Gold on Web when 20 or fewer are open`; '' is everything, and every channel."""
    return f"stop selling {what or 'everything'} on {channel or 'every channel'} when {margin:,} or fewer are open"


class FreezeRule(models.Model):
    """Stop selling when as few as `margin` places are open, plus the exposure: possible second claimants.

    Counted over a tier, a section, or the whole show; it stops one channel, or all of them. The sale that reaches the
    line is the last one: it trips the rule and leaves a freeze that only a person thaws.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="freeze_rules")
    tier = models.ForeignKey("inventory.Tier", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    section = models.ForeignKey("inventory.Section", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    margin = models.PositiveIntegerField(help_text="So many open places are never sold by the rule's channels.")
    is_active = models.BooleanField("in force", default=True)

    class Meta:
        ordering = ("show", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | Q(section__isnull=True),
                name="freeze_rule_counts_a_tier_or_a_section",
                violation_error_message="A rule counts a tier, a section or the whole show: name one at most.",
            ),
        ]

    def __str__(self) -> str:
        return rule_in_words(str(self.tier or self.section or ""), str(self.channel or ""), self.margin)


class Freeze(models.Model):
    """Selling stopped for a tier, a section or a channel of a show, from one movement to another.

    Its first movement says by whom, when and why; `rule` is set where a rule tripped. Thawing adds the second.
    """

    show = models.ForeignKey("inventory.Show", on_delete=models.PROTECT, related_name="freezes", db_index=False)
    tier = models.ForeignKey("inventory.Tier", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    section = models.ForeignKey("inventory.Section", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    rule = models.ForeignKey(FreezeRule, on_delete=models.PROTECT, related_name="freezes", null=True, blank=True)
    frozen = models.ForeignKey("inventory.Movement", on_delete=models.PROTECT, related_name="+")
    thawed = models.ForeignKey("inventory.Movement", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__isnull=False)
                | Q(tier__isnull=False)
                | Q(section__isnull=False)
                | Q(channel__isnull=False),
                name="freeze_names_what_it_stops",
            ),
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | Q(section__isnull=True), name="freeze_stops_a_tier_or_a_section"
            ),
            models.UniqueConstraint(
                fields=("show", "tier", "section", "channel"),
                condition=Q(thawed__isnull=True),
                nulls_distinct=False,
                name="freeze_is_there_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier or self.section or 'everything'} on {self.channel or 'all channels'}"
