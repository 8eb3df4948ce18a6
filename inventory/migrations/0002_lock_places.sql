-- The locking path: one call, one round trip, each statement below with a fresh snapshot of its own.
-- Lock order: the show's advisory lock (shared), the holder's own (sorted), then places. No claim is locked: a new one
-- is written. Called by inventory/services/locking.py, which turns the verdict into a claim or a refusal.

-- How many places the live locks of one holder keep in a show. A lock that has run out keeps none.

CREATE FUNCTION inventory_live_places(p_show bigint, p_session text, p_address text, p_contact text, p_at timestamptz)
RETURNS integer[] LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    kept integer[] := '{0,0,0}';
BEGIN
    IF p_session <> '' THEN
        kept[1] := (SELECT count(*) FROM inventory_claim c JOIN inventory_place p ON p.claim_id = c.id
            WHERE c.session = p_session AND c.session <> '' AND c.ended_at IS NULL
              AND c.show_id = p_show AND c.kind = 'lock' AND c.due_at > p_at);
    END IF;
    IF p_address <> '' THEN
        kept[2] := (SELECT count(*) FROM inventory_claim c JOIN inventory_place p ON p.claim_id = c.id
            WHERE c.address = p_address AND c.address <> '' AND c.ended_at IS NULL
              AND c.show_id = p_show AND c.kind = 'lock' AND c.due_at > p_at);
    END IF;
    IF p_contact <> '' THEN
        kept[3] := (SELECT count(*) FROM inventory_claim c JOIN inventory_place p ON p.claim_id = c.id
            WHERE c.contact = p_contact AND c.contact <> '' AND c.ended_at IS NULL
              AND c.show_id = p_show AND c.kind = 'lock' AND c.due_at > p_at);
    END IF;
    RETURN kept;
END $$;

-- p_places NULL: p_quantity general-admission places of a tier (and section, if given), best first.
-- p_places given: exactly those places, or none. p_wait: queue for places another transaction has in hand.
-- Sequential scans are off in here since plans are kept for the session, and one made on an empty table must not stay.

CREATE FUNCTION inventory_lock_places(
    p_show bigint, p_channel bigint, p_tier bigint, p_section bigint, p_quantity integer, p_places bigint[],
    p_wait boolean, p_session text, p_address text, p_contact text, p_lock_for_s integer, p_reference text,
    p_actor text, p_reason text, p_note text, p_now timestamptz,
    OUT verdict text, OUT facts jsonb, OUT claim_id bigint, OUT place_ids bigint[], OUT locked_at timestamptz,
    OUT expires_at timestamptz, OUT hard_until timestamptz
) LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '500ms' AS $$
#variable_conflict use_variable
DECLARE
    rules record;
    kept integer[];
    allocation bigint;
    taken bigint[];
    elsewhere bigint[];
    due_claims bigint[];
    act_id bigint;
BEGIN
    IF p_quantity < 1 OR p_quantity <> coalesce(cardinality(p_places), p_quantity) THEN
        verdict := 'quantity_invalid'; RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(4217, p_show::integer);

    locked_at := coalesce(p_now, clock_timestamp());
    -- The show, who asks, and the allocations this channel may sell from: its own first, then the pool and what counts
    -- as pool.
    SELECT s.state, s.lock_for_s, s.lock_cap_s, s.cap_per_session, s.cap_per_address, s.cap_per_contact,
           c.is_active, c.is_capped, ARRAY(
               SELECT a.id FROM inventory_allocation a
               WHERE a.show_id = p_show
                 AND (a.is_pool OR a.closes_at <= locked_at OR EXISTS (
                     SELECT FROM inventory_allocationchannel o
                     WHERE o.allocation_id = a.id AND o.channel_id = p_channel
                       AND coalesce(o.opens_at <= locked_at, true)))
               ORDER BY (a.is_pool OR a.closes_at <= locked_at) IS TRUE, a.id) AS sellable
        INTO rules
        FROM inventory_show s LEFT JOIN inventory_channel c ON c.id = p_channel WHERE s.id = p_show;
    IF NOT FOUND THEN verdict := 'show_unknown'; RETURN; END IF;
    IF rules.state <> 'on_sale' THEN
        verdict := 'show_not_on_sale'; facts := jsonb_build_object('state', rules.state); RETURN;
    END IF;
    IF rules.is_active IS NOT TRUE THEN verdict := 'channel_not_selling'; RETURN; END IF;

    IF rules.is_capped THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(holder, p_show)) FROM unnest(ARRAY(
            SELECT h FROM unnest(ARRAY['s' || p_session, 'a' || p_address, 'c' || p_contact]) AS h
            WHERE length(h) > 1 ORDER BY h)) AS holder;
        locked_at := coalesce(p_now, clock_timestamp());  -- after every wait, what has run out is looked at anew
        kept := inventory_live_places(p_show, p_session, p_address, p_contact, locked_at);
        facts := CASE
            WHEN p_session <> '' AND kept[1] + p_quantity > rules.cap_per_session
                THEN jsonb_build_object('holder', 'session', 'live', kept[1], 'cap', rules.cap_per_session)
            WHEN p_address <> '' AND kept[2] + p_quantity > rules.cap_per_address
                THEN jsonb_build_object('holder', 'address', 'live', kept[2], 'cap', rules.cap_per_address)
            WHEN p_contact <> '' AND kept[3] + p_quantity > rules.cap_per_contact
                THEN jsonb_build_object('holder', 'contact', 'live', kept[3], 'cap', rules.cap_per_contact)
        END;
        IF facts IS NOT NULL THEN verdict := 'over_cap'; RETURN; END IF;
    END IF;

    IF p_places IS NOT NULL THEN
        -- Rows come back as they are now, after waiting for whoever had them in hand.
        SELECT array_agg(s.id),
               array_agg(s.id) FILTER (WHERE s.status <> 'open'),
               array_agg(s.id) FILTER (WHERE s.status = 'open' AND NOT s.allocation_id = ANY (rules.sellable)),
               array_agg(DISTINCT s.claim_id) FILTER (WHERE s.status = 'locked')
            INTO place_ids, taken, elsewhere, due_claims
            FROM (SELECT id, status, allocation_id, inventory_place.claim_id FROM inventory_place
                  WHERE id = ANY (p_places) AND show_id = p_show ORDER BY id FOR NO KEY UPDATE) s;
        locked_at := coalesce(p_now, clock_timestamp());
        IF cardinality(coalesce(place_ids, '{}')) < p_quantity THEN
            verdict := 'places_unknown';
            facts := jsonb_build_object('place_ids',
                (SELECT jsonb_agg(u) FROM unnest(p_places) u WHERE NOT u = ANY (coalesce(place_ids, '{}'))));
            RETURN;
        END IF;
        IF taken IS NOT NULL THEN
            SELECT array_agg(c.id) INTO due_claims FROM inventory_claim c
                WHERE c.id = ANY (due_claims) AND c.due_at <= locked_at;
            verdict := 'places_taken';
            facts := jsonb_build_object('place_ids', taken, 'due_claims', coalesce(due_claims, '{}'));
            RETURN;
        END IF;
        IF elsewhere IS NOT NULL THEN
            verdict := 'places_not_on_sale_here'; facts := jsonb_build_object('place_ids', elsewhere); RETURN;
        END IF;
    ELSIF p_wait THEN
        place_ids := ARRAY(
            SELECT id FROM inventory_place
            WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = ANY (rules.sellable) AND status = 'open'
              AND (p_section IS NULL OR section_id = p_section)
            ORDER BY id LIMIT p_quantity FOR NO KEY UPDATE);
        locked_at := coalesce(p_now, clock_timestamp());
    ELSE
        place_ids := '{}';
        FOREACH allocation IN ARRAY rules.sellable LOOP
            place_ids := place_ids || ARRAY(
                SELECT id FROM inventory_place
                WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = allocation AND status = 'open'
                  AND (p_section IS NULL OR section_id = p_section)
                ORDER BY rank, id LIMIT p_quantity - cardinality(place_ids) FOR NO KEY UPDATE SKIP LOCKED);
            EXIT WHEN cardinality(place_ids) >= p_quantity;
        END LOOP;
    END IF;

    IF cardinality(place_ids) < p_quantity THEN
        -- What one fresh snapshot sees: fewer open than asked is the truth, if no lock that has run out awaits its end;
        -- as many as asked, but in somebody's hand, is undecided.
        SELECT jsonb_build_object('asked', p_quantity, 'open', count(*), 'due', EXISTS (
                   SELECT FROM inventory_claim c
                   WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= locked_at))
            INTO facts FROM (
                SELECT FROM inventory_place
                WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = ANY (rules.sellable) AND status = 'open'
                  AND (p_section IS NULL OR section_id = p_section)
                LIMIT p_quantity) visible;
        verdict := 'short';
        place_ids := NULL;
        RETURN;
    END IF;

    hard_until := locked_at + make_interval(secs => rules.lock_cap_s);
    expires_at := locked_at + make_interval(secs => greatest(1, least(p_lock_for_s, rules.lock_for_s)));

    INSERT INTO inventory_claim (show_id, kind, channel_id, phase, expires_at, hard_until, session, address, contact,
                                 reference, created_at)
        VALUES (p_show, 'lock', p_channel, 'browsing', expires_at, hard_until, p_session, p_address, p_contact,
                p_reference, locked_at)
        RETURNING id INTO claim_id;
    INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
        VALUES (p_show, 'lock_places', claim_id, p_channel, p_actor, p_reason, p_quantity, locked_at)
        RETURNING id INTO act_id;
    IF p_note <> '' THEN
        INSERT INTO inventory_movementnote (movement_id, text) VALUES (act_id, p_note);
    END IF;
    UPDATE inventory_place SET status = 'locked', claim_id = inventory_lock_places.claim_id,
                               movement_id = act_id
        WHERE id = ANY (place_ids);
    verdict := 'granted';
    facts := '{}';
END $$;
