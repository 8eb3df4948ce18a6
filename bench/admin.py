"""`bin/bench admin`: the pages of the back office with 100,000 orders, beside the same pages with a thousand.

One show, one order paid in cash, and then the same order again and again: its claims, lines, tickets, payment, letter,
contact and movements, by SQL past all triggers. Each page is asked for as the manager, in this process, so a figure is
the server's own time; `queries` is how many statements it took.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from bench import ground
from bench.figures import Report, percentile
from bench.many import multiply

FEW, MANY, TIMES = 1_000, 100_000, 9
FACTS = (
    *("inventory/place", "inventory/claim", "inventory/movement", "inventory/entry", "ticketing/order"),
    *("ticketing/payment", "ticketing/ticket", "ticketing/letter", "ticketing/document", "ticketing/refund"),
)


def main(report: Report, quick: bool) -> None:
    from bench.houses import standing_show

    few, many, times = (100, 2_000, 3) if quick else (FEW, MANY, TIMES)
    ground.make_database()
    given = standing_show(many + 10, progress=report.say)
    order = _one_order(given)
    _fill(order, few)
    before = _looked_at(given, order, times)
    _fill(order, many, first=few)
    report.say(f"{many:,} orders")
    after = _looked_at(given, order, times)
    for page, (ms, queries) in after.items():
        report.figure(page, "p50", ms, "ms", before[page][0])
        report.figure(page, "queries", queries, "", before[page][1])


def _one_order(given: Mapping[str, Any]) -> dict[str, int]:
    """An order for one place, paid, mailed; the ids of everything it is made of."""
    from core.callers import Caller
    from inventory.acts import Best, By, Holder
    from inventory.models import Movement, Tier
    from inventory.services.locking import lock_places
    from ticketing.models import EventCategory, Letter, Order, Payment, Seller, Terms
    from ticketing.queries.quotes import lock_held
    from ticketing.services.paying import pay_by_tender
    from ticketing.services.placing import place_order
    from ticketing.services.pricing import set_price

    by = By(actor="system:bench", channel_id=given["channel"])
    fields = {"legal_name": "Bench", "gst_status": "regular", "gstin": "27AAPFU0939F1ZV", "state_code": "27"}
    seller = Seller.objects.create(code="BEN", **fields)
    category = EventCategory.objects.get(code="performing-arts")
    Terms.objects.create(show_id=given["show"], seller=seller, category=category)
    set_price(tier_id=Tier.objects.get(show_id=given["show"]).pk, paise=118_000, by=by)
    lock = lock_places(
        show_id=given["show"], channel_id=given["channel"], wanted=Best(1), by=by, holder=Holder(session="s")
    )
    order_id, held = lock_held(lock.claim_id)
    assert held
    buyer = Caller("visitor", "buyer:1", "").digest()
    place_order(order_id=order_id, held=held, buyer=buyer, actor=by.actor, contact="bench@example.com")
    pay_by_tender(order_id=order_id, tender=Payment.Tender.CASH, by=by)
    order = Order.objects.get(pk=order_id)
    return {
        "order": order.pk,
        "lock": order.lock_id,
        "sale": order.sale_id or 0,
        "line": order.lines.get().pk,
        "ticket": order.tickets.get().pk,
        "place": order.tickets.get().place_id,
        "payment": order.payments.get().pk,
        "letter": Letter.objects.get().pk,
        "movement": Movement.objects.get(verb="commit_lock").pk,
    }


def _fill(one: Mapping[str, int], upto: int, *, first: int = 0) -> None:
    """As many more of that order as are missing, with ids far from those that are given out."""
    far = {name: number + 10_000_000 + first for name, number in one.items()}
    with ground.superuser() as free:
        free.execute("SET session_replication_role = replica")
        lock, sale, order = far["lock"], far["lock"] + 5_000_000, far["order"]
        copies: list[tuple[str, int, dict[str, int | str]]] = [
            ("inventory_claim", one["lock"], {"id": lock}),
            ("inventory_claim", one["sale"], {"id": sale, "origin_id": lock}),
            ("inventory_movement", one["movement"], {"id": far["movement"], "claim_id": sale}),
            ("ticketing_order", one["order"], {"id": order, "lock_id": lock, "sale_id": sale}),
            ("ticketing_orderline", one["line"], {
                "id": far["line"], "order_id": order, "place_id": one["place"] + first,
            }),
            ("ticketing_ticket", one["ticket"], {
                "id": far["ticket"], "order_id": order, "line_id": far["line"], "sale_id": sale,
                "place_id": one["place"] + first,
            }),
            ("ticketing_payment", one["payment"], {
                "id": far["payment"], "order_id": order, "receipt": f"bench-{first}-",
            }),
            ("ticketing_letter", one["letter"], {"id": far["letter"], "order_id": order}),
        ]  # fmt: skip
        for table, row, numbered in copies:
            multiply(free, table, row, upto - first, numbered)
        free.execute(
            """INSERT INTO ticketing_ordercontact (order_id, contact, name)
               SELECT %(order)s + n, 'buyer' || %(first)s + n || '@example.com', ''
               FROM generate_series(1, %(more)s) n""",
            {"order": order, "first": first, "more": upto - first},
        )
        free.execute(
            """INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, to_claim, to_allocation,
                                            to_tier, from_allocation, from_tier)
               SELECT %(act)s + n, p.id, 'locked', 'sold', %(sale)s + n, allocation_id, tier_id, allocation_id, tier_id
               FROM generate_series(1, %(more)s) n JOIN inventory_place p ON p.id = %(place)s + n""",
            {"act": far["movement"], "sale": sale, "place": one["place"] + first, "more": upto - first},
        )
        free.execute(
            """UPDATE inventory_place SET status = 'sold', claim_id = %(sale)s + id - %(place)s,
                   movement_id = %(act)s + id - %(place)s
               WHERE id > %(place)s AND id <= %(place)s + %(more)s""",
            {"act": far["movement"], "sale": sale, "place": one["place"] + first, "more": upto - first},
        )
    ground.settle()


def _looked_at(given: Mapping[str, Any], one: Mapping[str, int], times: int) -> dict[str, tuple[float, int]]:
    """Every page's median, in ms, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _manager()
    found = {}
    for name, path in _pages(given["show"], one):
        took = []
        # Some lists send on to the show that is next.
        path = client.get(path)["Location"] if client.get(path).status_code == 302 else path
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        queries = len(asked)
        assert answer.status_code == 200, (path, answer.status_code)
        for _ in range(times):
            began = time.perf_counter()
            client.get(path)
            took.append((time.perf_counter() - began) * 1000)
        found[name] = (percentile(took, 0.5), queries)
    return found


def _pages(show: int, one: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    yield "the frame alone", "/admin/login/steps/"
    yield "the start page", "/admin/"
    yield "shows", "/admin/inventory/show/"
    yield "a show", f"/admin/inventory/show/{show}/change/"
    yield "a show's stock", f"/admin/inventory/show/{show}/stock/"
    yield "a show's why-page", f"/admin/inventory/show/{show}/why/"
    yield "the work-list", "/admin/ticketing/payment/work-list/"
    yield "price parity", "/admin/ticketing/priceexception/parity/"
    for name in FACTS:
        yield f"list: {name}", f"/admin/{name}/"
        yield f"list: {name}, page 9", f"/admin/{name}/?p=9"
        if name not in ("ticketing/document", "ticketing/refund"):
            yield f"list: {name}, one show's", f"/admin/{name}/?show={show}"
    for term in ("HF-77", "buyer77@example.com", "nothing of the kind"):
        yield f"orders: {term}", f"/admin/ticketing/order/?q={term}"
    yield "an order", f"/admin/ticketing/order/{one['order']}/change/"
    yield "a ticket", f"/admin/ticketing/ticket/{one['ticket']}/change/"
    yield "search: HF-77", "/admin/search/?s=HF-77"


def _manager() -> Any:
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from core import second_factor

    user = User.objects.filter(username="manager").first()
    if user is None:
        user = User.objects.create_user("manager", is_staff=True)
        user.groups.add(Group.objects.get(name="Box-office manager"))
        second_factor.take_phone(user)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    session = client.session
    phone = second_factor.phone_of(user)
    assert phone is not None
    session["otp_device_id"] = phone.persistent_id
    session.save()
    return client
