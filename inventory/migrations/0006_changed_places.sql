-- Which places may look different from how a read saw them that began at this snapshot's xmin and showed that time.
-- Ids of movements are not in the order of commits, so "after the last one seen" would miss whoever commits late. A
-- transaction below the xmin was over when that read looked; what any later one wrote may be news. Naming a place that
-- has not changed is harmless.
-- No sequential scans in here: plans are kept for the session, and one made on an empty table must not stay.

CREATE FUNCTION inventory_changed_places(p_show bigint, p_xmin xid8, p_since timestamptz, p_at timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    claims bigint[];
BEGIN
    RETURN QUERY
        SELECT e.place_id FROM inventory_entry e
        WHERE e.movement_id = ANY (ARRAY(
            SELECT m.id FROM inventory_movement m WHERE m.show_id = p_show AND m.xact >= p_xmin AND m.quantity > 0));
    -- An act may change a claim and move no place: a payment begins, a lock gets longer. And locks run out by themselves.
    claims := ARRAY(
        SELECT m.claim_id FROM inventory_movement m
        WHERE m.show_id = p_show AND m.xact >= p_xmin AND m.claim_id IS NOT NULL
        UNION
        SELECT c.id FROM inventory_claim c
        WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at > p_since AND c.due_at <= p_at);
    RETURN QUERY SELECT p.id FROM inventory_place p WHERE p.claim_id = ANY (claims) AND p.show_id = p_show;
END $$;
