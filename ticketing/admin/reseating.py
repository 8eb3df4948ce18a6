"""Other seats for a paid order, from its page: which tickets, which seats, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms

from core.refusals import DomainError
from inventory.admin import seat_names
from inventory.admin.form_page import WhyForm
from inventory.admin.words import seat
from inventory.models import Place, Tier
from inventory.queries.picking import Order as Picked
from inventory.queries.picking import pick
from inventory.queries.stock import geometry
from ticketing.admin.which_tickets import TicketsForm
from ticketing.models import Order, Ticket

if TYPE_CHECKING:
    from django.forms import Textarea
else:
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea

_SUGGESTED = 8


class ReseatForm(TicketsForm, WhyForm):
    """Which tickets move, and where to."""

    codes = {
        "customer_request": "The buyer asks for it",
        "seat_not_usable": "The seat cannot be used",
        "accessibility": "Somebody needs an accessible seat",
        "keep_together": "A party is brought together",
        "show_changed": "The house has changed: a camera, a ramp, a pillar",
    }
    field_order = ("tickets", "names", "reason", "other", "note")

    names = forms.CharField(
        label="To these seats",
        max_length=1000,
        widget=Textarea(attrs={"rows": 2, "placeholder": "Stalls B 4-5"}),
        help_text="As many as tickets, open, and of the same tier. Section, row, numbers; commas between.",
        error_messages={"required": "Name the seats, such as: Stalls B 4-5."},
    )

    def chosen(self, order: Order) -> dict[int, int]:
        """Which place for which ticket: within each tier, in the house's order. {} where the form says why not."""
        tickets = sorted((self.living[key] for key in self.cleaned_data["tickets"]), key=lambda one: one.place.rank)
        house = geometry(order.show_id)
        assert house is not None
        try:
            ids = seat_names.read(self.cleaned_data["names"], house)
        except seat_names.NotRead as error:
            self.add_error("names", str(error))
            return {}
        if len(ids) != len(tickets):
            are = "ticket is" if len(tickets) == 1 else "tickets are"
            self.add_error("names", f"{len(tickets)} {are} to move, and {len(ids)} seats are named: as many of each.")
            return {}
        places = list(Place.objects.filter(pk__in=ids).select_related("tier").order_by("rank"))
        paired = {}
        for ticket in tickets:
            fits = next((place for place in places if place.tier_id == ticket.line.tier_id), None)
            if fits is None:
                self.add_error("names", _of_another_tier(ticket, places))
                return {}
            places.remove(fits)
            paired[ticket.pk] = fits.pk
        return paired

    def refuse(self, order: Order, refusal: DomainError) -> None:
        """Say on the form what stood in the way."""
        if refusal.code == "places_taken":
            whose = seat_names.whose(order.show_id, refusal.facts["place_ids"])
            self.add_error("names", f"Not open, so nothing was moved: {whose}.")
        else:
            self.add_error(None, refusal.text)


def told(living: Sequence[Ticket], order: Order) -> list[str]:
    """What moving does, and where there is room."""
    tiers = dict.fromkeys(ticket.line.tier_id for ticket in living)
    names = dict(Tier.objects.filter(pk__in=tiers).values_list("pk", "name"))
    room = [
        f"Open in {names[tier]}, the best first: {seat_names.spoken(found)}."
        if (found := pick(order.show_id, _SUGGESTED, Picked.BEST, tier_id=tier))
        else f"Nothing is open in {names[tier]}."
        for tier in tiers
    ]
    return [
        "The old tickets are void in the same moment and their seats open; new ones are issued, and mailed where there "
        "is an address. The price stays as it was paid.",
        *room,
    ]


def _of_another_tier(ticket: Ticket, places: Sequence[Place]) -> str:
    others = ", ".join(dict.fromkeys(str(place.tier) for place in places))
    return (
        f"{seat(ticket.place)} is {ticket.line.tier}, and the seats left for it are {others}. Seats are changed within "
        "a tier; for another, refund the order and sell anew."
    )
