"""Complimentary tickets: an order that costs nothing says to what kind of guest it was given, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Complimentary(models.Model):
    """The facts of an order that costs nothing. What it gave away is its lines' prices.

    The classes are a hold's purposes, so that a hold is given to whom it was for; and two that a tax officer asks for:
    staff, who are related persons, and authorities, who have a right to their seats. A guest's name and contact are the
    order's, and can be erased.
    """

    class Recipient(models.TextChoices):
        SPONSOR = "sponsor", "Sponsor"
        CORPORATE = "corporate", "Corporate"
        INFLUENCER = "influencer", "Influencer"
        PRESS = "press", "Press"
        ARTIST = "artist", "Artist"
        HOUSE = "house", "House guest"
        STAFF = "staff", "Staff"
        AUTHORITY = "authority", "Authority"

    order = models.OneToOneField(
        "ticketing.Order", on_delete=models.PROTECT, primary_key=True, related_name="complimentary"
    )
    recipient = models.CharField("given to", max_length=10, choices=Recipient)
    reason_code = models.CharField(max_length=32)

    class Meta:
        permissions = [("issue_complimentary", "Can give complimentary tickets")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    recipient__in=[
                        *("sponsor", "corporate", "influencer", "press", "artist", "house", "staff", "authority")
                    ]
                ),
                name="complimentary_recipient_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason_code=""), name="complimentary_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_recipient_display()}: {self.reason_code}"
