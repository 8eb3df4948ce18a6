"""Tickets, for whoever ordered them; and the keys by which gates know them."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import Door
from inventory.api.asking import Reading, asker_of
from inventory.api.locks import WritingDoor
from ticketing.api import docs
from ticketing.api.answers import tickets_answer
from ticketing.api.finding import own_tickets
from ticketing.tickets.keys import public_keys


class OrderTickets(WritingDoor):
    @docs.TICKETS
    def get(self, request: Request, reference: str) -> Response:
        return Response(tickets_answer(*own_tickets(reference, asker_of(request))))


class TicketKeys(Door):
    authentication_classes = (Reading,)

    @docs.TICKET_KEYS
    def get(self, request: Request) -> Response:
        return Response({"keys": public_keys()}, headers={"Cache-Control": "public, max-age=3600"})
