from ticketing.models.catalog import EventCategory, LocalTax, LocalTaxRate, Seller, TaxBand, Terms
from ticketing.models.complimentary import Complimentary
from ticketing.models.documents import Document, DocumentSeries
from ticketing.models.events import GatewayEvent
from ticketing.models.guests import Guest, GuestList
from ticketing.models.orders import ContactErasure, Order, OrderContact, OrderLine
from ticketing.models.outbox import Letter
from ticketing.models.payments import Payment, Refund
from ticketing.models.prices import Price, PriceException
from ticketing.models.shows import ShowChange
from ticketing.models.tickets import Ticket

__all__ = [
    "Complimentary",
    "ContactErasure",
    "Document",
    "DocumentSeries",
    "EventCategory",
    "GatewayEvent",
    "Guest",
    "GuestList",
    "Letter",
    "LocalTax",
    "LocalTaxRate",
    "Order",
    "OrderContact",
    "OrderLine",
    "Payment",
    "Price",
    "PriceException",
    "Refund",
    "Seller",
    "ShowChange",
    "TaxBand",
    "Terms",
    "Ticket",
]
