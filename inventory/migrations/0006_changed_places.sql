-- Which places may look different from how a read saw them that was made on this snapshot and showed that time.
-- Ids of movements are not in the order of commits, so "after the last one seen" would miss whoever commits late. What
-- the snapshot did not see may be news; below its xmin it saw everything, so the index is read from there. Naming a place
-- that has not changed is harmless.
-- No sequential scans in here: plans are kept for the session, and one made on an empty table must not stay.

CREATE FUNCTION inventory_changed_places(p_show bigint, p_seen pg_snapshot, p_since timestamptz, p_at timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    acts bigint[];
    claims bigint[];
BEGIN
    acts := ARRAY(
        SELECT m.id FROM inventory_movement m
        WHERE m.show_id = p_show AND m.xact >= pg_snapshot_xmin(p_seen) AND NOT pg_visible_in_snapshot(m.xact, p_seen));
    RETURN QUERY SELECT e.place_id FROM inventory_entry e WHERE e.movement_id = ANY (acts);
    -- An act may change a claim and move no place: a payment begins, a lock gets longer. And locks run out by themselves.
    claims := ARRAY(
        SELECT m.claim_id FROM inventory_movement m WHERE m.id = ANY (acts) AND m.claim_id IS NOT NULL
        UNION
        SELECT c.id FROM inventory_claim c
        WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at > p_since AND c.due_at <= p_at);
    RETURN QUERY SELECT p.id FROM inventory_place p WHERE p.claim_id = ANY (claims) AND p.show_id = p_show;
END $$;
