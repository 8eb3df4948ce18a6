"""The demo's shop: every lock that is bought gets an order, a payment of its channel's tender, and its tickets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from core.callers import Caller
from inventory.acts import By
from inventory.demo.loading import SEED
from inventory.demo.shops import Come, NoMoney, Visit
from inventory.models import Channel, Show, Tier
from ticketing.demo import guests, trouble
from ticketing.demo.gateway import Nowhere
from ticketing.demo.programme import DEALS, SELLERS
from ticketing.gateways.words import Way
from ticketing.models import EventCategory, Letter, Payment, Refund, Seller, Terms
from ticketing.queries import letters
from ticketing.queries.quotes import lock_held
from ticketing.services.cancelling import refund_order
from ticketing.services.paying import pay_by_tender, start_payment
from ticketing.services.placing import place_order
from ticketing.services.pricing import end_exception, except_price, set_price
from ticketing.services.returning import hand_back, send_refunds
from ticketing.services.settling import take_money
from ticketing.services.watching import expire_orders

Tender = Payment.Tender
WORDS = ("banyan", "copper", "drizzle", "ferry", "gully", "harmonium", "kite", "lantern", "mango", "monsoon", "peepal",
         "rickshaw", "saffron", "sitar", "tamarind", "tiffin", "umbrella", "veranda")  # fmt: skip
HOSTS = ("post.example", "letters.example", "inbox.example")


@dataclass
class Till:
    """What the shop remembers of an order: its number, and its payment at the gateway where one was opened."""

    order_id: int
    total_paise: int
    payment_id: int | None = None


@dataclass
class MoneyShop:
    """Sells as the program does, at moments of the past: by UPI on the web, for cash or a card slip at the counter."""

    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311  a demo: the same every time
    tills: dict[int, Till] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gateway = Nowhere(self.rng)
        self.silent = Nowhere(self.rng, is_known=False)

    def open(self, show: Show, manager: By, at: datetime) -> None:
        self.manager = manager
        deal = DEALS[show.slug]
        seller, _ = Seller.objects.get_or_create(code=deal.seller, defaults=SELLERS[deal.seller])
        category = EventCategory.objects.get(code=deal.category)
        Terms.objects.create(
            show=show,
            seller=seller,
            category=category,
            late_money=deal.late_money,
            note_on_ticket=deal.note_on_ticket,
        )
        tiers = dict(Tier.objects.filter(show=show).values_list("code", "pk"))
        for tag in deal.tags:
            set_price(
                tier_id=tiers[tag.tier],
                paise=tag.rupees * 100,
                by=manager,
                from_at=at + tag.after,
                reading=tag.reading,
                reading_reason=tag.reading_reason,
                now=at,
            )
        for special in deal.specials:
            exception = except_price(
                tier_id=tiers[special.tier],
                channel_id=Channel.objects.get(code=special.channel).pk,
                paise=special.rupees * 100,
                reason_code=special.reason_code,
                note=special.note,
                approver_id=int(manager.actor.removeprefix("user:")),
                ends_at=max(show.starts_at, at + timedelta(days=3)),
                by=manager,
                now=at,
            )
            if special.ended_after:
                end_exception(exception_id=exception.pk, now=at + special.ended_after)

    def begin_payment(self, visit: Visit, at: datetime, *, will_be_paid: bool) -> None:
        """On the web a payment is opened; elsewhere money comes only when the places are sold."""
        till = self.tills.get(visit.lock.claim_id) or self.order(visit, at)
        if visit.channel.kind == Channel.Kind.WEB:
            started = start_payment(
                order_id=till.order_id,
                way=self.rng.choice([Way.QR, Way.INTENT]),
                gateway=self.gateway if will_be_paid else self.silent,
                by=visit.by,
                pay_for_s=360,
                now=at,
            )
            till.payment_id = started.payment_id

    def fail_payment(self, visit: Visit, at: datetime) -> None:
        if payment := self.payment(visit):
            declined = self.gateway.declined(payment.amount_paise, receipt=payment.receipt)
            take_money(money=declined, gateway=self.gateway.name, now=at)

    def sell(self, visit: Visit, at: datetime) -> None:
        if payment := self.payment(visit):
            self.pay(payment, at)
        elif visit.channel.kind == Channel.Kind.COUNTER:
            tender = self.rng.choice([Tender.CASH, Tender.CASH, Tender.CARD_SLIP])
            slip = f"SLIP-{self.rng.randrange(10**8):08}" if tender == Tender.CARD_SLIP else ""
            self.take(visit, tender, slip, at)
        else:
            self.take(visit, Tender.PARTNER_ACCOUNT, f"TIFFIN-{visit.lock.claim_id:06}", at)

    def run_out(self, visit: Visit) -> None:
        """Half of those whose time runs out had come as far as an order."""
        if self.rng.random() < 0.5:
            self.order(visit, visit.lock.locked_at + timedelta(seconds=90))
        NoMoney().run_out(visit)
        expire_orders(now=visit.lock.expires_at)

    def take_back(self, visit: Visit, because: By, at: datetime, *, hands_back: bool = True) -> None:
        """Its tickets die and its money goes back the way it came; at the counter out of the drawer."""
        for refund in refund_order(order_id=self.tills[visit.lock.claim_id].order_id, by=because, now=at):
            if hands_back and refund.state == Refund.State.REQUESTED and refund.next_try_at is None:
                hand_back(refund_id=refund.pk, by=because, now=at + timedelta(minutes=1))
        send_refunds(gateway=self.gateway, now=at + timedelta(minutes=1))

    def go_wrong(self, show: Show, come: Come, now: datetime) -> None:
        for happen in trouble.OF.get(show.slug, ()):
            happen(self, come, now)
        guests.invite(show, self.manager, now)
        self._letters_went_out(show, now - timedelta(minutes=30))

    def _letters_went_out(self, show: Show, before: datetime) -> None:
        """What was due before was sent then. The program would otherwise begin by writing a week's letters."""
        due = Letter.objects.filter(order__show=show, due_at__lt=before, sent_at=None).values_list("pk", "due_at")
        for letter_id, due_at in due:
            assert due_at
            letters.sent(letter_id, due_at + timedelta(seconds=5))

    # The pieces that trouble is made of, too

    def order(self, visit: Visit, at: datetime) -> Till:
        order_id, held = lock_held(visit.lock.claim_id)
        assert held
        is_web = visit.channel.kind == Channel.Kind.WEB
        placed = place_order(
            order_id=order_id,
            # Told by today's clock it is over; the statement that writes the order goes by the demo's.
            held=replace(held, is_over=False),
            buyer=Caller("demo", visit.by.actor, "").digest(),
            actor=visit.by.actor,
            contact=self.contact() if is_web else "",
            now=at,
        )
        till = self.tills[visit.lock.claim_id] = Till(order_id, placed.total_paise)
        return till

    def payment(self, visit: Visit) -> Payment | None:
        """The latest payment at the gateway, where there is one."""
        till = self.tills[visit.lock.claim_id]
        return Payment.objects.get(pk=till.payment_id) if till.payment_id else None

    def pay(self, payment: Payment, at: datetime) -> None:
        """What was asked for comes, by the code or the order that it was asked for by."""
        money = self.gateway.paid(payment.amount_paise, qr_id=payment.qr_id, order_id=payment.gateway_order_id)
        take_money(money=money, gateway=self.gateway.name, now=at)

    def take(self, visit: Visit, tender: Payment.Tender, reference: str, at: datetime) -> None:
        order_id = self.tills[visit.lock.claim_id].order_id
        pay_by_tender(order_id=order_id, tender=tender, by=visit.by, reference=reference, now=at)

    def contact(self) -> str:
        one, other = self.rng.sample(WORDS, 2)
        return f"{one}.{other}{self.rng.randrange(1000)}@{self.rng.choice(HOSTS)}"
