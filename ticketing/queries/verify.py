"""Is the money true? Sums taken on both sides of the books and compared, and rules that no constraint can hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.db import connection

from inventory.queries.verify import Difference
from ticketing.queries.worklist import LINES


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """The money identity, in paise, and every difference found; sound when there is none.

    received = confirmed + aside: what came over all tenders is the value of the orders it confirmed, and what was set
    aside. returned_orders and returned_aside went back of each; on_the_way is asked for and not done; open_work is what
    the work-list names.
    """

    received: dict[str, int]
    confirmed: int
    aside: dict[str, int]
    returned_orders: int
    returned_aside: int
    on_the_way: int
    open_work: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.differences


# Every check yields (about, says) for each difference, and nothing where the books are true.
CHECKS: dict[str, str] = {
    "confirmed_orders_are_paid_for": """
        SELECT 'order ' || o.id, format('is worth %s and %s is allocated to it', CASE
                   WHEN o.confirmed_at IS NULL THEN 0 ELSE o.total_paise END, coalesce(sum(p.allocated_paise), 0))
        FROM ticketing_order o LEFT JOIN ticketing_payment p ON p.order_id = o.id
        GROUP BY o.id HAVING coalesce(sum(p.allocated_paise), 0)
            <> CASE WHEN o.confirmed_at IS NULL THEN 0 ELSE o.total_paise END""",
    "an_order_is_the_sum_of_its_lines": """
        SELECT 'order ' || o.id, format('is of %s paise for %s places, its lines are of %s for %s',
                                        o.total_paise, o.quantity, coalesce(sum(l.paise), 0), count(l.id))
        FROM ticketing_order o LEFT JOIN ticketing_orderline l ON l.order_id = o.id
        GROUP BY o.id HAVING (o.total_paise, o.quantity) <> (coalesce(sum(l.paise), 0), count(l.id))""",
    "what_died_is_what_was_returned": """
        SELECT 'order ' || o.id, format('says %s was returned, its void tickets were worth %s',
                                        o.returned_paise, coalesce(sum(l.paise), 0))
        FROM ticketing_order o
        LEFT JOIN ticketing_ticket t ON t.order_id = o.id AND t.voided_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM ticketing_ticket n WHERE n.line_id = t.line_id AND n.id > t.id)
        LEFT JOIN ticketing_orderline l ON l.id = t.line_id
        GROUP BY o.id HAVING o.returned_paise <> coalesce(sum(l.paise), 0)""",
    "a_confirmed_order_has_a_ticket_for_each_line": """
        SELECT 'order ' || o.id, format('is confirmed, and line %s has no ticket', l.id)
        FROM ticketing_order o JOIN ticketing_orderline l ON l.order_id = o.id
        WHERE o.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT FROM ticketing_ticket t WHERE t.line_id = l.id)""",
    "a_live_ticket_is_of_a_confirmed_order": """
        SELECT 'ticket ' || t.id, format('is alive, and order %s is %s', o.id, o.state)
        FROM ticketing_ticket t JOIN ticketing_order o ON o.id = t.order_id
        WHERE t.voided_at IS NULL AND o.state <> 'confirmed'""",
    "every_ticket_has_its_place": """
        SELECT 'ticket ' || t.id,
               format('is alive, its place %s is %s under claim %s', t.place_id, p.status, p.claim_id)
        FROM ticketing_ticket t JOIN inventory_place p ON p.id = t.place_id
        WHERE t.voided_at IS NULL AND (p.status, p.claim_id) IS DISTINCT FROM ('sold', t.sale_id)""",
    "every_sold_place_has_its_ticket": """
        SELECT 'place ' || p.id, format('is sold under claim %s and has no live ticket', p.claim_id)
        FROM inventory_place p
        WHERE p.status = 'sold'
          AND NOT EXISTS (SELECT FROM ticketing_ticket t WHERE t.place_id = p.id AND t.voided_at IS NULL)""",
    "refunds_are_counted_on_their_payment": """
        SELECT 'payment ' || p.id, format('counts %s as going back, its refunds say %s',
                                          p.refunding_paise, coalesce(sum(r.amount_paise), 0))
        FROM ticketing_payment p LEFT JOIN ticketing_refund r ON r.payment_id = p.id AND r.state <> 'failed'
        GROUP BY p.id HAVING p.refunding_paise <> coalesce(sum(r.amount_paise), 0)""",
    "what_is_owed_is_going_back_or_on_the_work_list": f"""
        SELECT 'order ' || o.id, format('owes %s for void tickets, %s is going back and %s is on the work-list',
                                        o.returned_paise, coalesce(r.going, 0), coalesce(w.named, 0))
        FROM ticketing_order o
        LEFT JOIN (SELECT order_id, sum(amount_paise) AS going FROM ticketing_refund
                   WHERE state <> 'failed' AND NOT of_aside GROUP BY order_id) r ON r.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(paise) AS named FROM ({LINES}) l
                   WHERE l.what = 'refund_failed' AND NOT l.is_of_aside GROUP BY order_id) w ON w.order_id = o.id
        WHERE o.returned_paise > coalesce(r.going, 0) + coalesce(w.named, 0)""",
    "no_part_gives_back_more_than_it_has": """
        SELECT 'payment ' || p.id,
               format('gives back %s of the %s that pay for its order, and %s of %s set aside',
                      r.of_sale, p.allocated_paise, r.of_aside, p.received_paise - p.allocated_paise)
        FROM ticketing_payment p JOIN (
            SELECT payment_id, coalesce(sum(amount_paise) FILTER (WHERE NOT of_aside), 0) AS of_sale,
                   coalesce(sum(amount_paise) FILTER (WHERE of_aside), 0) AS of_aside
            FROM ticketing_refund WHERE state <> 'failed' GROUP BY payment_id) r ON r.payment_id = p.id
        WHERE r.of_sale > p.allocated_paise OR r.of_aside > p.received_paise - p.allocated_paise""",
    "documents_are_numbered_without_a_gap": """
        SELECT 'series ' || s.id, format('has given %s numbers and has %s documents', s.last, count(d.id))
        FROM ticketing_documentseries s LEFT JOIN ticketing_document d ON d.series_id = s.id
        GROUP BY s.id HAVING s.last <> count(d.id) OR s.last <> coalesce(max(d.serial), 0)""",
    "a_document_is_the_sum_of_its_lines": """
        SELECT 'document ' || d.number, format('is of %s, its lines are of %s', d.amount_paise, coalesce(l.paise, 0))
        FROM ticketing_document d LEFT JOIN LATERAL (
            SELECT sum((line ->> 'paise')::bigint) AS paise
            FROM jsonb_array_elements(d.says -> 'lines') AS l (line)) l ON true
        WHERE d.amount_paise <> coalesce(l.paise, 0)""",
    "what_was_sold_has_its_document": """
        SELECT 'order ' || o.id, CASE WHEN d.id IS NULL THEN 'has no document, and none is due'
                                      ELSE format('is of %s, its document of %s', o.total_paise, d.amount_paise) END
        FROM ticketing_order o LEFT JOIN ticketing_document d ON d.order_id = o.id AND d.refund_id IS NULL
        WHERE o.confirmed_at IS NOT NULL AND o.total_paise > 0 AND NOT o.is_document_due
          AND d.amount_paise IS DISTINCT FROM o.total_paise AND EXISTS (
              SELECT FROM ticketing_payment p
              WHERE p.order_id = o.id AND p.allocated_paise > 0 AND p.tender <> 'complimentary')""",
    "no_more_is_credited_than_was_sold": """
        SELECT 'order ' || d.order_id, format('is sold for %s and %s is credited', d.amount_paise, sum(c.amount_paise))
        FROM ticketing_document d JOIN ticketing_document c ON c.order_id = d.order_id AND c.refund_id IS NOT NULL
        WHERE d.refund_id IS NULL GROUP BY d.id HAVING sum(c.amount_paise) > d.amount_paise""",
}
NAMED_AT_MOST = 100


# All sums in one statement, so that they are of one moment, whatever is sold meanwhile.
_SUMS = f"""
    SELECT
        (SELECT coalesce(jsonb_object_agg(tender, paise), '{{}}') FROM (
            SELECT tender, sum(received_paise) AS paise FROM ticketing_payment WHERE received_paise > 0 GROUP BY 1) t),
        (SELECT coalesce(sum(total_paise), 0) FROM ticketing_order WHERE confirmed_at IS NOT NULL),
        (SELECT coalesce(jsonb_object_agg(aside_as, paise), '{{}}') FROM (
            SELECT aside_as, sum(received_paise - allocated_paise) AS paise FROM ticketing_payment
            WHERE received_paise > allocated_paise GROUP BY 1) a),
        r.of_orders, r.of_aside, r.on_the_way, r.aside_going, w.open_work, w.aside_named
    FROM (SELECT coalesce(sum(amount_paise) FILTER (WHERE state = 'processed' AND NOT of_aside), 0) AS of_orders,
                 coalesce(sum(amount_paise) FILTER (WHERE state = 'processed' AND of_aside), 0) AS of_aside,
                 coalesce(sum(amount_paise) FILTER (WHERE state IN ('requested', 'submitted')), 0) AS on_the_way,
                 coalesce(sum(amount_paise) FILTER (WHERE state <> 'failed' AND of_aside), 0) AS aside_going
          FROM ticketing_refund) r,
         (SELECT coalesce(sum(paise), 0) AS open_work,
                 coalesce(sum(paise) FILTER (
                     WHERE is_of_aside AND what NOT IN ('refund_under_way', 'refund_by_hand')), 0) AS aside_named
          FROM ({LINES}) l) w"""


def verify_money() -> MoneyReport:
    """Check all money. Differences are facts to look at, never repaired here."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        tenders, confirmed, meanings, of_orders, of_aside, on_the_way, aside_going, open_work, named = cursor.fetchone()
        differences = []
        for name, check in CHECKS.items():
            cursor.execute(f"{check} LIMIT {NAMED_AT_MOST}")
            differences += [Difference(name, about, says) for about, says in cursor.fetchall()]
    received: dict[str, int] = json.loads(tenders)
    aside: dict[str, int] = json.loads(meanings)
    came, meant = sum(received.values()), int(confirmed) + sum(aside.values())
    if came != meant:
        differences.append(Difference("the_money_identity", "all tenders", f"{came} came, {meant} has a meaning"))
    # What was set aside and is not going back is on the work-list, to the paisa.
    left = sum(aside.values()) - int(aside_going)
    if left != named:
        differences.append(
            Difference("the_work_list_names_all_that_is_open", "money set aside", f"{left} is open, {named} is named")
        )
    return MoneyReport(
        received, int(confirmed), aside, int(of_orders), int(of_aside), int(on_the_way), int(open_work), differences
    )
