"""Stock as it is seen at a moment: what is over counts as over, whether or not a worker has carried it out.

A lock that has run out, a hold whose end has come and a step of a ladder that is due leave their marks on places until
something sweeps them. No read may show those marks, so every read of a show's stock starts from the SQL in here.
"""

from __future__ import annotations

ONE_SHOW = "= %(show_id)s"
MANY_SHOWS = "= ANY(%(show_ids)s)"

CLOCK = "clock AS MATERIALIZED (SELECT coalesce(%(at)s::timestamptz, statement_timestamp()) AS at)"


def moment(of: str = ONE_SHOW) -> str:
    """Common table expressions: `clock (at)`; `due (id)`, the locks that have run out; `paying (id)`, those that
    live and have a payment pending; and `releases`, the places that due releases open or relabel.

    Parameters: `at` (None: the database's clock), and `show_id` or `show_ids`.
    """
    live = f"c.show_id {of} AND c.kind = 'lock' AND c.ended_at IS NULL"
    return f"""{CLOCK},
        due AS MATERIALIZED (SELECT c.id FROM clock, inventory_claim c WHERE {live} AND c.due_at <= clock.at),
        paying AS MATERIALIZED (
            SELECT c.id FROM clock, inventory_claim c WHERE {live} AND c.due_at > clock.at AND c.phase = 'paying'),
        releases AS MATERIALIZED (
            SELECT r.place_id, (array_agg(r.allocation_id ORDER BY r.act DESC))[1] AS label, bool_or(r.opens) AS opens
            FROM clock, inventory_show s, inventory_due_releases(s.id, clock.at) r WHERE s.id {of}
            GROUP BY r.place_id)"""


def places(*, of: str = ONE_SHOW, only: str = "true") -> str:
    """Upon `moment`: `seen`, one row a place of these shows, `only` where that holds of the place `p`.

    `status` and `label` are what counts at that moment; `phase` is of a lock that lives, otherwise empty. Claims are
    looked up with IN: that is a hashed list whatever the planner expects, where a join has been a loop over all locks.
    """
    return f"""seen AS (
        SELECT p.id, p.show_id, p.section_id, p.tier_id, p.claim_id, coalesce(r.label, p.allocation_id) AS label,
               CASE WHEN r.opens OR p.status = 'locked' AND p.claim_id IN (SELECT id FROM due) THEN 'open'
                    ELSE p.status END AS status,
               CASE WHEN p.status <> 'locked' OR p.claim_id IN (SELECT id FROM due) THEN ''
                    WHEN p.claim_id IN (SELECT id FROM paying) THEN 'paying' ELSE 'browsing' END AS phase
        FROM inventory_place p LEFT JOIN releases r ON r.place_id = p.id WHERE p.show_id {of} AND {only})"""


def covers(rule: str, section: str, tier: str) -> str:
    """Whether a freeze or a rule covers places of this section and tier."""
    return f"""({rule}.tier_id IS NULL OR {rule}.tier_id = {tier})
        AND ({rule}.section_id IS NULL OR {rule}.section_id = {section})"""
