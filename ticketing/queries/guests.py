"""A guest list as it stands: every guest with what is left of the tickets, and how many letters have gone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Listed:
    """One guest. `name`, `contact` and `note` are '' once they are forgotten; `places` are those of live tickets."""

    row: int
    order_id: int
    name: str
    contact: str
    recipient: str
    note: str
    places: list[int]
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters with tickets of a list: sent, still to be sent, and given up."""

    sent: int
    due: int
    given_up: int


def guests_of(list_id: int, most: int | None = None) -> list[Listed]:
    """The guests of a list in its file's order, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT g."row", g.order_id, coalesce(k.name, ''), coalesce(k.contact, ''), c.recipient, g.note,
                      ARRAY(SELECT t.place_id FROM ticketing_ticket t
                            WHERE t.order_id = g.order_id AND t.voided_at IS NULL ORDER BY t.id),
                      EXISTS (SELECT FROM ticketing_letter l
                              WHERE l.order_id = g.order_id AND l.kind = 'tickets' AND l.sent_at IS NOT NULL)
               FROM ticketing_guest g JOIN ticketing_complimentary c ON c.order_id = g.order_id
               LEFT JOIN ticketing_ordercontact k ON k.order_id = g.order_id
               WHERE g.guest_list_id = %s ORDER BY g."row" LIMIT %s""",
            [list_id, most],
        )
        return [Listed(*row) for row in cursor.fetchall()]


def letters_of(list_id: int) -> Letters:
    """How many guests have been written to; a letter sent again counts once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH told AS (
                   SELECT bool_or(l.sent_at IS NOT NULL) AS sent, bool_or(l.due_at IS NOT NULL) AS due
                   FROM ticketing_guest g JOIN ticketing_letter l ON l.order_id = g.order_id AND l.kind = 'tickets'
                   WHERE g.guest_list_id = %s GROUP BY g.order_id)
               SELECT count(*) FILTER (WHERE sent), count(*) FILTER (WHERE NOT sent AND due),
                      count(*) FILTER (WHERE NOT sent AND NOT due) FROM told""",
            [list_id],
        )
        return Letters(*cursor.fetchone())


def orders_with_tickets(list_id: int) -> list[tuple[int, int]]:
    """The orders of a list that have live tickets, in the file's order, each with how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT g.order_id, count(t.id) FROM ticketing_guest g
               JOIN ticketing_ticket t ON t.order_id = g.order_id AND t.voided_at IS NULL
               WHERE g.guest_list_id = %s GROUP BY g.order_id, g."row" ORDER BY g."row\"""",
            [list_id],
        )
        return [(order_id, count) for order_id, count in cursor.fetchall()]


def live_tickets_of(list_ids: list[int]) -> dict[int, int]:
    """How many live tickets each of these lists has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT g.guest_list_id, count(*) FROM ticketing_guest g
               JOIN ticketing_ticket t ON t.order_id = g.order_id AND t.voided_at IS NULL
               WHERE g.guest_list_id = ANY (%s) GROUP BY 1""",
            [list_ids],
        )
        return dict(cursor.fetchall())
