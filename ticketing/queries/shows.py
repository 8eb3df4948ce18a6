"""What a show still lacks before it can be sold, and what is still to be given back of a cancelled one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class DueOrder:
    """A paid order of a cancelled show, and who cancelled."""

    order_id: int
    actor: str


def missing_for_sale(show_id: int) -> list[str]:
    """Sentences, in the order in which one would put it right; none where the show can be sold. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.manifest_version > 0, EXISTS (SELECT FROM ticketing_terms m WHERE m.show_id = s.id),
                      ARRAY(SELECT t.name FROM inventory_tier t WHERE t.show_id = s.id
                            AND EXISTS (SELECT FROM inventory_place p WHERE p.show_id = s.id AND p.tier_id = t.id)
                            AND NOT EXISTS (SELECT FROM ticketing_price r WHERE r.tier_id = t.id)
                            ORDER BY t.ordinal, t.id),
                      s.starts_at <= clock_timestamp()
               FROM inventory_show s WHERE s.id = %s""",
            [show_id],
        )
        has_house, has_terms, without_price, has_begun = cursor.fetchone()
    missing = []
    if not has_house:
        missing.append("It has no house yet: load a manifest.")
    if not has_terms:
        missing.append("It has no terms yet: by whom it is sold and how it is taxed.")
    if without_price:
        missing.append(f"No price is set for {', '.join(without_price)}.")
    if has_begun:
        missing.append("It has begun already: see when it starts.")
    return missing


def orders_to_give_back(most: int, after: int = 0) -> list[DueOrder]:
    """Paid orders with a living ticket of shows that were cancelled and give back, the oldest first, from one on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id, c.actor FROM ticketing_showchange c JOIN ticketing_order o ON o.show_id = c.show_id
               WHERE c.state = 'cancelled' AND c.gives_back AND o.state = 'confirmed' AND o.id > %s
                 AND EXISTS (SELECT FROM ticketing_ticket t WHERE t.order_id = o.id AND t.voided_at IS NULL)
               ORDER BY o.id LIMIT %s""",
            [after, most],
        )
        return [DueOrder(order_id, actor) for order_id, actor in cursor.fetchall()]


def given_back(show_id: int) -> tuple[int, int]:
    """Of a cancelled show: how many orders have no living ticket any more, and how many were paid."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE NOT EXISTS (
                          SELECT FROM ticketing_ticket t WHERE t.order_id = o.id AND t.voided_at IS NULL)), count(*)
               FROM ticketing_order o WHERE o.show_id = %s AND o.confirmed_at IS NOT NULL""",
            [show_id],
        )
        done, orders = cursor.fetchone()
    return done, orders
