-- What money needs of the ledger: a lock that becomes a sale whole, in one call, and lapsed payments that are watched.

-- The end of a live lock and the sale that comes of it; NULL where the lock is not live. A lock that plain SQL has cut
-- apart is not sold: its buyer paid for all of its places.

CREATE FUNCTION inventory_commit_lock(
    p_claim bigint, p_reference text, p_actor text, p_channel bigint, p_reason text, p_note text, p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_show bigint := (SELECT show_id FROM inventory_claim WHERE id = p_claim);
    v_at timestamptz;
    v_lock inventory_claim;
    v_sale bigint;
    v_places bigint[];
    v_act bigint;
BEGIN
    IF v_show IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(4217, v_show::integer);
    v_at := coalesce(p_now, clock_timestamp());
    UPDATE inventory_claim SET ended_at = v_at
        WHERE id = p_claim AND kind = 'lock' AND ended_at IS NULL AND due_at > v_at RETURNING * INTO v_lock;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO inventory_claim (show_id, kind, channel_id, phase, session, address, contact, origin_id, reference, created_at)
        VALUES (v_show, 'sale', v_lock.channel_id, '', '', '', '', p_claim,
                coalesce(nullif(p_reference, ''), v_lock.reference), v_at)
        RETURNING id INTO v_sale;
    v_places := ARRAY(SELECT id FROM inventory_place WHERE claim_id = p_claim ORDER BY id FOR NO KEY UPDATE);
    IF cardinality(v_places) <> (
        SELECT quantity FROM inventory_movement WHERE claim_id = p_claim AND verb = 'lock_places') THEN
        PERFORM inventory_refuse('sale_is_of_the_whole_lock',
            format('lock %s has lost some of its places', p_claim));
    END IF;
    INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
        VALUES (v_show, 'commit_lock', v_sale, p_channel, p_actor, p_reason, cardinality(v_places), v_at)
        RETURNING id INTO v_act;
    IF p_note <> '' THEN
        INSERT INTO inventory_movementnote (movement_id, text) VALUES (v_act, p_note);
    END IF;
    UPDATE inventory_place SET status = 'sold', claim_id = v_sale, movement_id = v_act WHERE id = ANY (v_places);
    RETURN v_sale;
END $$;

-- Possible second claimants: payments that lapsed and are still watched, swept or not.

CREATE OR REPLACE FUNCTION inventory_exposure(p_show bigint, p_tier bigint, p_section bigint, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$  -- not sql: its plan is kept, and reads no table whole
BEGIN
    RETURN (
    SELECT count(*)::integer
    FROM (
        SELECT c.id FROM inventory_claim c WHERE c.show_id = p_show AND c.watched_until > p_at AND c.ended_at <= p_at
        UNION ALL
        SELECT c.id FROM inventory_claim c
        WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= p_at AND c.phase = 'paying'
          AND c.hard_until > p_at - make_interval(
                  secs => (SELECT watch_payment_for_s FROM inventory_show WHERE id = p_show))
    ) w
    JOIN inventory_movement m ON m.claim_id = w.id AND m.verb = 'lock_places'
    JOIN inventory_entry e ON e.movement_id = m.id
    JOIN inventory_place p ON p.id = e.place_id
    WHERE (p_tier IS NULL OR e.to_tier = p_tier) AND (p_section IS NULL OR p.section_id = p_section));
END $$;

UPDATE inventory_claim c SET watched_until = c.hard_until + make_interval(secs => s.watch_payment_for_s)
    FROM inventory_show s
    WHERE s.id = c.show_id AND c.kind = 'lock' AND c.phase = 'paying' AND c.ended_at >= c.hard_until;

-- A payment starts on a live lock: it is kept until its cap. Whether it is paying now.

CREATE FUNCTION inventory_begin_payment(p_claim bigint, p_actor text, p_channel bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_show bigint := (SELECT show_id FROM inventory_claim WHERE id = p_claim);
    v_at timestamptz;
    v_phase text;
BEGIN
    IF v_show IS NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(4217, v_show::integer);
    v_at := coalesce(p_now, clock_timestamp());
    SELECT phase INTO v_phase FROM inventory_claim
        WHERE id = p_claim AND kind = 'lock' AND ended_at IS NULL AND due_at > v_at FOR NO KEY UPDATE;
    IF v_phase = 'browsing' THEN
        UPDATE inventory_claim SET phase = 'paying' WHERE id = p_claim;
        INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
            VALUES (v_show, 'begin_payment', p_claim, p_channel, p_actor, '', 0, v_at);
    END IF;
    RETURN v_phase IS NOT NULL;
END $$;
