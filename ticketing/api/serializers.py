"""What the doors of money take (`…In`) and what they answer (`…Out`). Amounts are whole paise, all charges included."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.fields import Id, Line, Strict, Text
from inventory.api.serializers import PlaceOut
from ticketing.api.answers import PAYMENT_STATES
from ticketing.models import Order

ORDER_STATES = [*Order.State.values, "checking"]
WAYS = ["qr", "intent"]
TENDERS = ["cash", "card_slip", "bank_transfer", "partner_account"]


class OrderIn(Strict):
    """An order of one's own lock. What it costs is for the server to say: a price in a body is refused."""

    lock = Line(max_length=40, help_text="The lock's id.")
    contact = Text(
        max_length=120,
        default="",
        allow_blank=True,
        help_text="One mobile number or e-mail address, for the tickets. The web has to say it, a till need not.",
    )
    name = Line(max_length=80, default="", allow_blank=True, help_text="Whom the tickets are for; optional.")


class PaymentIn(Strict):
    """Either `way`, by UPI through the gateway, or `tender`, for those who may take money themselves."""

    way = serializers.ChoiceField(
        choices=WAYS, required=False, help_text="`qr` to be scanned from a screen, `intent` on the phone in hand."
    )
    tender = serializers.ChoiceField(
        choices=TENDERS, required=False, help_text="For a till, and for a partner with an account."
    )
    reference = Line(max_length=60, required=False, help_text="With `tender`: the slip's or the transfer's number.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("way" in attrs) == ("tender" in attrs):
            raise serializers.ValidationError("Say either way or tender.")
        if "way" in attrs and "reference" in attrs:
            raise serializers.ValidationError({"reference": "Only with a tender."})
        if attrs.get("tender") in ("card_slip", "bank_transfer") and not attrs.get("reference"):
            raise serializers.ValidationError({"reference": "This tender needs its number."})
        return attrs


class RefundIn(Strict):
    """Which tickets die, and why."""

    tickets = serializers.ListField(
        child=Id(), allow_empty=False, max_length=1000, required=False, help_text="Their ids. None: all that are valid."
    )
    reason_code = Line(max_length=32, help_text="For counting: a short word.")
    note = Text(max_length=400, default="", allow_blank=True, help_text="For the house; not shown to the buyer.")


class NothingIn(Strict):
    """An empty object, or nothing at all."""


class WebhookOut(serializers.Serializer[Any]):
    taken = serializers.BooleanField(help_text="False where it was told before.")


class TierPriceOut(serializers.Serializer[Any]):
    tier = serializers.CharField(help_text="The tier's code.")
    name = serializers.CharField()
    paise = serializers.IntegerField(
        allow_null=True, help_text="The whole price on your channel; null: not on sale yet."
    )
    list_paise = serializers.IntegerField(allow_null=True, help_text="The tier's price where no exception holds.")
    reason_code = serializers.CharField(help_text="Why your channel's price differs; empty where it does not.")
    rate_bp = serializers.IntegerField(allow_null=True, help_text="GST inside it, in hundredths of a per cent.")
    tax_paise = serializers.IntegerField(allow_null=True, help_text="All taxes inside it.")
    is_exempt = serializers.BooleanField()


class PricesOut(serializers.Serializer[Any]):
    show = serializers.CharField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    prices = TierPriceOut(many=True)


class LineOut(serializers.Serializer[Any]):
    """One place: what it costs, and the taxes inside that. The parts add up to `paise`."""

    place = PlaceOut()
    paise = serializers.IntegerField()
    list_paise = serializers.IntegerField()
    reason_code = serializers.CharField()
    net_paise = serializers.IntegerField()
    cgst_paise = serializers.IntegerField()
    sgst_paise = serializers.IntegerField(help_text="UTGST in a Union Territory without a legislature.")
    igst_paise = serializers.IntegerField()
    local_tax_paise = serializers.IntegerField()
    rate_bp = serializers.IntegerField()
    is_exempt = serializers.BooleanField()


class QuoteOut(serializers.Serializer[Any]):
    lock = serializers.CharField()
    show = serializers.CharField()
    currency = serializers.CharField()
    total_paise = serializers.IntegerField()
    lines = LineOut(many=True)


class PaymentOut(serializers.Serializer[Any]):
    """One attempt to pay. `checking`: its time is over, and its money may be on the way. `late`, `second`, `short` and
    `returned` is money that came and did not become tickets; it goes back."""

    id = serializers.CharField()
    state = serializers.ChoiceField(choices=list(PAYMENT_STATES))
    tender = serializers.CharField()
    way = serializers.CharField(allow_blank=True)
    link = serializers.CharField(help_text="`upi://pay?…`, as it is; empty once nobody may pay by it.")
    amount_paise = serializers.IntegerField()
    received_paise = serializers.IntegerField()
    closes_at = serializers.DateTimeField(allow_null=True)
    now = serializers.DateTimeField()
    seconds_left = serializers.IntegerField()
    failure = serializers.CharField(help_text="The gateway's word, where it failed: `payment_declined` …")
    payer = serializers.CharField(help_text="Masked.")
    bank_reference = serializers.CharField(help_text="The RRN by which a bank finds it.")


class PaymentsOut(serializers.Serializer[Any]):
    payments = PaymentOut(many=True)


class OrderOut(serializers.Serializer[Any]):
    """An order. All times are the server's: set your clock by `now`."""

    id = serializers.CharField(help_text="Unguessable.")
    show = serializers.CharField()
    channel = serializers.CharField()
    state = serializers.ChoiceField(choices=ORDER_STATES)
    is_late = serializers.BooleanField(help_text="It was paid late, and its places could be had again.")
    reason = serializers.CharField(help_text="Why it was cancelled or is looked at.")
    currency = serializers.CharField()
    total_paise = serializers.IntegerField()
    refunded_paise = serializers.IntegerField(help_text="What has gone back or is on its way.")
    quantity = serializers.IntegerField()
    lines = LineOut(many=True)
    lock = serializers.CharField()
    placed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    pay_until = serializers.DateTimeField(allow_null=True)
    now = serializers.DateTimeField()
    seconds_left = serializers.IntegerField()
    payment = PaymentOut(allow_null=True, help_text="The one that paid, else the one that is open, else the last.")


class OrdersOut(serializers.Serializer[Any]):
    orders = OrderOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page; null at the end.")


class TicketOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["valid", "void"])
    void_reason = serializers.CharField()
    code = serializers.CharField(help_text="What the QR code holds: signed, so that a gate needs no network.")
    place = PlaceOut()
    paise = serializers.IntegerField()


class TicketsOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Order.State.values)
    tickets = TicketOut(many=True, help_text="None until the order is confirmed.")


class RefundOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    amount_paise = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["asked", "sent", "done", "failed"])
    reason = serializers.CharField()
    tender = serializers.CharField()
    bank_reference = serializers.CharField()
    requested_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class RefundsOut(serializers.Serializer[Any]):
    refunds = RefundOut(many=True)


class TicketKeyOut(serializers.Serializer[Any]):
    """A public key as a JSON Web Key (RFC 8037)."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    use = serializers.CharField()
    kid = serializers.CharField()
    x = serializers.CharField()


class TicketKeysOut(serializers.Serializer[Any]):
    keys = TicketKeyOut(many=True)
