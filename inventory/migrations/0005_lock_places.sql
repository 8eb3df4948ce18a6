-- The locking path: one call, one round trip, each statement below with a fresh snapshot of its own.
-- Lock order: the show's advisory lock (shared; alone near a freeze rule's line), the holder's own (sorted), then places.
-- No claim is locked: a new one is written. Called by inventory/services/locking.py, which turns the verdict into a
-- lock, a refusal, or another try.

DROP FUNCTION inventory_lock_places(bigint, bigint, bigint, bigint, integer, bigint[], boolean, text, text, text, integer,
                                    text, text, text, text, timestamptz);

-- The open seats that a choice would leave single, though as many others of the same stretch would have left none.

CREATE FUNCTION inventory_stranded(p_show bigint, p_places bigint[], p_at timestamptz) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN (
    WITH near AS (
        SELECT p.id, p.section_id, p."row", p.run, p.position, p.id = ANY (p_places) AS is_chosen
        FROM (SELECT DISTINCT section_id, "row" FROM inventory_place WHERE id = ANY (p_places) AND run > 0) r
        CROSS JOIN LATERAL (SELECT * FROM inventory_place p
                            WHERE p.show_id = p_show AND p.section_id = r.section_id AND p."row" = r."row" OFFSET 0) p
        LEFT JOIN inventory_claim c ON c.id = p.claim_id AND p.status = 'locked' AND c.due_at <= p_at
        WHERE p.run > 0 AND (p.status = 'open' OR c.id IS NOT NULL)
    ), stretched AS (
        SELECT n.*, n.position - row_number() OVER (PARTITION BY section_id, "row", run ORDER BY position) AS stretch,
               n.position - row_number() OVER (
                   PARTITION BY section_id, "row", run, is_chosen ORDER BY position) AS piece
        FROM near n
    ), counted AS (
        SELECT s.id, s.is_chosen, count(*) OVER p AS in_piece, count(*) OVER t AS in_stretch,
               count(*) FILTER (WHERE s.is_chosen) OVER t AS chosen
        FROM stretched s
        WINDOW t AS (PARTITION BY section_id, "row", run, stretch),
               p AS (PARTITION BY section_id, "row", run, is_chosen, piece)
    )
    SELECT ARRAY(SELECT id FROM counted
                 WHERE NOT is_chosen AND in_piece = 1 AND chosen > 0 AND in_stretch - chosen >= 2 ORDER BY id));
END $$;

-- What the freeze rules say to taking these places. `verdict` is NULL where they may go; `tripped` are the rules whose line
-- is then reached. Shared, the show's lock lets others sell meanwhile: as many as there are connections, ten each, may
-- be under way unseen. So near the line, and for more than ten at a time, the caller comes back and sells alone.

CREATE FUNCTION inventory_judge_by_rules(
    p_show bigint, p_channel bigint, p_places bigint[], p_alone boolean, p_at timestamptz,
    OUT verdict text, OUT facts jsonb, OUT tripped bigint[]
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
    line record;
    unseen integer := CASE WHEN p_alone THEN 0 ELSE 10 * current_setting('max_connections')::integer END;
    visible integer;
BEGIN
    tripped := '{}';
    FOR line IN
        SELECT r.id, r.tier_id, r.section_id, r.channel_id,
               r.margin + inventory_exposure(p_show, r.tier_id, r.section_id, p_at) AS stop_at,
               (SELECT count(*)::integer FROM inventory_place p
                WHERE p.id = ANY (p_places) AND (r.tier_id IS NULL OR p.tier_id = r.tier_id)
                  AND (r.section_id IS NULL OR p.section_id = r.section_id)) AS takes
        FROM inventory_freezerule r
        WHERE r.show_id = p_show AND r.is_active AND (r.channel_id IS NULL OR r.channel_id = p_channel)
        ORDER BY r.id
    LOOP
        CONTINUE WHEN line.takes = 0;
        IF NOT p_alone AND cardinality(p_places) > 10 THEN
            verdict := 'near_a_line'; RETURN;
        END IF;
        IF line.tier_id IS NULL THEN
            visible := (SELECT count(*) FROM (
                SELECT FROM inventory_place p WHERE p.show_id = p_show AND p.status = 'open'
                  AND (line.section_id IS NULL OR p.section_id = line.section_id)
                LIMIT line.stop_at + line.takes + unseen + 1) v);
        ELSE
            visible := (SELECT count(*) FROM (
                SELECT FROM inventory_place p WHERE p.show_id = p_show AND p.status = 'open' AND p.tier_id = line.tier_id
                LIMIT line.stop_at + line.takes + unseen + 1) v);
        END IF;
        CONTINUE WHEN visible > line.stop_at + line.takes + unseen;
        IF NOT p_alone THEN
            verdict := 'near_a_line'; RETURN;
        END IF;
        IF visible <= line.stop_at THEN
            tripped := ARRAY[line.id];
            verdict := 'line_reached';
            facts := jsonb_build_object('open', visible, 'kept_back', line.stop_at);
            RETURN;
        ELSIF visible - line.takes < line.stop_at THEN
            verdict := 'short';
            facts := jsonb_build_object('asked', line.takes, 'open', visible - line.stop_at, 'kept_back', line.stop_at);
            RETURN;
        ELSIF visible - line.takes = line.stop_at THEN
            tripped := tripped || line.id;
        END IF;
    END LOOP;
END $$;

-- A freeze by rule: its movement and its row. Only ever called with the show's lock held alone.

CREATE FUNCTION inventory_trip(p_show bigint, p_rule bigint, p_channel bigint, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    act bigint;
    made bigint;
BEGIN
    INSERT INTO inventory_movement (show_id, verb, channel_id, actor, reason_code, quantity, at)
        VALUES (p_show, 'freeze', p_channel, 'system:rule', 'rule', 0, p_at) RETURNING id INTO act;
    INSERT INTO inventory_freeze (show_id, tier_id, section_id, channel_id, rule_id, frozen_id)
        SELECT p_show, r.tier_id, r.section_id, r.channel_id, r.id, act FROM inventory_freezerule r WHERE r.id = p_rule
        ON CONFLICT DO NOTHING RETURNING id INTO made;
    RETURN made;
END $$;

-- p_places given: exactly those places, or none. Otherwise p_quantity places of p_tiers in their order (NULL: all of the
-- show, in theirs), p_accessible of them wheelchair places, together where that can be. p_wait: queue for places
-- that another transaction has in hand. p_alone: sell with nobody else selling, as near a freeze rule's line. p_as_is:
-- do not stop to have given back what has run out.
-- Sequential scans are off in here since plans are kept for the session, and one made on an empty table must not stay.

CREATE FUNCTION inventory_lock_places(
    p_show bigint, p_channel bigint, p_tiers bigint[], p_section bigint, p_quantity integer, p_accessible integer,
    p_together boolean, p_places bigint[], p_wait boolean, p_alone boolean, p_as_is boolean, p_session text,
    p_address text, p_contact text, p_lock_for_s integer, p_reference text, p_actor text, p_reason text, p_note text,
    p_now timestamptz,
    OUT verdict text, OUT facts jsonb, OUT claim_id bigint, OUT place_ids bigint[], OUT group_sizes integer[],
    OUT strands bigint[], OUT locked_at timestamptz, OUT expires_at timestamptz, OUT hard_until timestamptz
) LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '500ms' AS $$
#variable_conflict use_variable
DECLARE
    rules record;
    shut record;
    kept integer[];
    tiers bigint[] := p_tiers;
    tier bigint;
    more bigint[];
    is_whole boolean := false;  -- best available, and together
    may_strand boolean;
    has_met boolean;
    met boolean := false;
    size integer;
    kept_for bigint[];
    is_frozen boolean;
    taken bigint[];
    elsewhere bigint[];
    due_claims bigint[];
    judged record;
    act_id bigint;
BEGIN
    IF p_quantity < 1 OR p_quantity <> coalesce(cardinality(p_places), p_quantity)
        OR p_accessible < 0 OR p_accessible > p_quantity THEN
        verdict := 'quantity_invalid'; RETURN;
    END IF;
    IF p_alone THEN
        PERFORM pg_advisory_xact_lock(4217, p_show::integer);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(4217, p_show::integer);
    END IF;

    locked_at := coalesce(p_now, clock_timestamp());
    SELECT s.state, s.lock_for_s, s.lock_cap_s, s.cap_per_session, s.cap_per_address, s.cap_per_contact, s.orphan_rule,
           c.is_active, c.is_capped,
           inventory_sellable(p_show, p_channel, locked_at) AS sellable,
           inventory_has_due_releases(p_show, locked_at) AS has_due_releases,
           EXISTS (SELECT FROM inventory_freeze f WHERE f.show_id = p_show AND f.thawed_id IS NULL) AS has_freezes,
           EXISTS (SELECT FROM inventory_freezerule r WHERE r.show_id = p_show AND r.is_active) AS has_lines,
           EXISTS (SELECT FROM inventory_section n
                   WHERE n.show_id = p_show AND NOT n.is_ga AND (p_section IS NULL OR n.id = p_section)) AS has_seats
        INTO rules
        FROM inventory_show s LEFT JOIN inventory_channel c ON c.id = p_channel WHERE s.id = p_show;
    IF NOT FOUND THEN verdict := 'show_unknown'; RETURN; END IF;
    IF rules.state <> 'on_sale' THEN
        verdict := 'show_not_on_sale'; facts := jsonb_build_object('state', rules.state); RETURN;
    END IF;
    IF rules.is_active IS NOT TRUE THEN verdict := 'channel_not_selling'; RETURN; END IF;
    IF rules.has_due_releases THEN verdict := 'releases_due'; RETURN; END IF;
    IF tiers IS NULL THEN
        tiers := ARRAY(SELECT t.id FROM inventory_tier t WHERE t.show_id = p_show ORDER BY t.ordinal, t.id);
    END IF;

    -- What is frozen for this channel: everything, some tiers, some sections.
    SELECT false AS all_of_it, '{}'::bigint[] AS tiers, '{}'::bigint[] AS sections, '{}'::bigint[] AS freezes INTO shut;
    IF rules.has_freezes THEN
        SELECT coalesce(bool_or(f.tier_id IS NULL AND f.section_id IS NULL), false) AS all_of_it,
               coalesce(array_agg(f.tier_id) FILTER (WHERE f.tier_id IS NOT NULL), '{}') AS tiers,
               coalesce(array_agg(f.section_id) FILTER (WHERE f.section_id IS NOT NULL), '{}') AS sections,
               coalesce(array_agg(f.id ORDER BY f.id), '{}') AS freezes
            INTO shut
            FROM inventory_freeze f
            WHERE f.show_id = p_show AND f.thawed_id IS NULL AND (f.channel_id IS NULL OR f.channel_id = p_channel);
        IF shut.all_of_it OR p_section = ANY (shut.sections) OR (p_places IS NULL AND tiers <@ shut.tiers) THEN
            verdict := 'frozen'; facts := jsonb_build_object('freezes', shut.freezes); RETURN;
        END IF;
        tiers := ARRAY(SELECT t.id FROM unnest(tiers) WITH ORDINALITY AS t (id, nth)
                       WHERE NOT t.id = ANY (shut.tiers) ORDER BY t.nth);
    END IF;

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

    place_ids := '{}';
    IF p_places IS NOT NULL THEN
        -- Rows come back as they are now, after waiting for whoever had them in hand.
        SELECT array_agg(s.id),
               array_agg(s.id) FILTER (WHERE s.status <> 'open'),
               array_agg(s.id) FILTER (WHERE s.status = 'open' AND NOT s.allocation_id = ANY (rules.sellable)),
               array_agg(DISTINCT s.claim_id) FILTER (WHERE s.status = 'locked'),
               array_agg(s.id) FILTER (WHERE s.is_accessible OR s.is_companion) AS accessible,
               bool_or(s.tier_id = ANY (shut.tiers) OR s.section_id = ANY (shut.sections)) AS is_frozen
            INTO place_ids, taken, elsewhere, due_claims, kept_for, is_frozen
            FROM (SELECT id, status, allocation_id, inventory_place.claim_id, is_accessible, is_companion, tier_id, section_id
                  FROM inventory_place
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
        IF is_frozen THEN
            verdict := 'frozen'; facts := jsonb_build_object('freezes', shut.freezes); RETURN;
        END IF;
        IF elsewhere IS NOT NULL THEN
            verdict := 'places_not_on_sale_here'; facts := jsonb_build_object('place_ids', elsewhere); RETURN;
        END IF;
        IF p_accessible = 0 AND kept_for IS NOT NULL THEN
            verdict := 'places_kept_accessible'; facts := jsonb_build_object('place_ids', kept_for); RETURN;
        END IF;
        IF rules.orphan_rule = 'refuse' AND rules.has_seats THEN
            strands := inventory_stranded(p_show, p_places, locked_at);
            IF cardinality(strands) > 0 THEN
                verdict := 'places_stranded'; facts := jsonb_build_object('place_ids', strands); RETURN;
            END IF;
        END IF;
    ELSE
        -- Together, tier by tier.
        FOREACH tier IN ARRAY tiers LOOP
            SELECT s.ids, s.met, s.strands INTO more, has_met, may_strand FROM inventory_pick_together(
                p_show, tier, p_section, shut.sections, rules.sellable, p_quantity, p_accessible,
                rules.orphan_rule <> 'off', '{}', p_wait, rules.has_seats) s;
            met := met OR has_met;
            EXIT WHEN more IS NOT NULL;
        END LOOP;
        place_ids := coalesce(more, '{}');
        group_sizes := ARRAY[p_quantity];
        is_whole := more IS NOT NULL;

        -- Nobody is split, and nobody told that there is no place, while a lock that ran out stands between them.
        IF NOT is_whole AND NOT p_as_is AND EXISTS (
            SELECT FROM inventory_claim c
            WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= locked_at) THEN
            verdict := 'due'; place_ids := NULL; RETURN;
        END IF;

        -- In groups: first whoever needs a wheelchair place, with as many of the party as fit beside them. Where the party
        -- must be together this only tells whether apart would help.
        IF NOT is_whole AND p_quantity > 1 AND (p_accessible > 0 OR NOT p_together) THEN
            group_sizes := '{}';
            IF p_accessible > 0 THEN
                <<sizes>> FOR size IN REVERSE p_quantity - 1 .. p_accessible LOOP
                    FOREACH tier IN ARRAY tiers LOOP
                        SELECT s.ids, s.met INTO more, has_met FROM inventory_pick_together(
                            p_show, tier, p_section, shut.sections, rules.sellable, size, p_accessible,
                            rules.orphan_rule <> 'off', '{}', p_wait, rules.has_seats) s;
                        met := met OR has_met;
                        IF more IS NOT NULL THEN
                            place_ids := more;
                            group_sizes := ARRAY[size];
                            EXIT sizes;
                        END IF;
                    END LOOP;
                END LOOP;
                WHILE cardinality(place_ids) < p_accessible LOOP
                    FOREACH tier IN ARRAY tiers LOOP
                        SELECT s.ids, s.met INTO more, has_met FROM inventory_pick_together(
                            p_show, tier, p_section, shut.sections, rules.sellable, 1, 1,
                            rules.orphan_rule <> 'off', place_ids, p_wait, rules.has_seats) s;
                        met := met OR has_met;
                        EXIT WHEN more IS NOT NULL;
                    END LOOP;
                    EXIT WHEN more IS NULL;
                    place_ids := place_ids || more;
                    group_sizes := group_sizes || 1;
                END LOOP;
            END IF;
            IF cardinality(place_ids) >= p_accessible THEN
                SELECT place_ids || g.ids, group_sizes || g.sizes, met OR g.met INTO place_ids, group_sizes, met
                    FROM inventory_pick_groups(
                        p_show, tiers, p_section, shut.sections, rules.sellable, p_quantity - cardinality(place_ids),
                        rules.orphan_rule <> 'off', place_ids, p_wait) g;
            END IF;
        END IF;
        IF NOT is_whole AND p_together AND cardinality(place_ids) = p_quantity THEN
            verdict := CASE WHEN met THEN 'short' ELSE 'not_together' END;
            facts := jsonb_build_object('asked', p_quantity, 'open', p_quantity, 'due', false);
            place_ids := NULL;
            RETURN;
        END IF;
    END IF;

    IF cardinality(place_ids) < p_quantity THEN
        -- What one fresh snapshot sees: fewer open than asked is the truth, if no lock that has run out awaits its end;
        -- as many as asked, but in somebody's hand, is undecided.
        SELECT jsonb_build_object('asked', p_quantity, 'open', count(*), 'due', EXISTS (
                   SELECT FROM inventory_claim c
                   WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= locked_at))
            INTO facts FROM (
                SELECT FROM inventory_place
                WHERE show_id = p_show AND tier_id = ANY (tiers) AND allocation_id = ANY (rules.sellable) AND status = 'open'
                  AND (p_section IS NULL OR section_id = p_section) AND NOT section_id = ANY (shut.sections)
                  AND (p_accessible > 0 OR NOT (is_accessible OR is_companion))
                LIMIT p_quantity) visible;
        IF p_accessible > 0 AND p_places IS NULL THEN
            -- Not every open place serves such a party. What a waiting look, with nobody's hand in the way, found, is all.
            facts := facts || jsonb_build_object(
                'open', CASE WHEN p_wait AND NOT met THEN cardinality(place_ids) ELSE p_quantity END, 'accessible', p_accessible);
        END IF;
        IF cardinality(shut.freezes) > 0 THEN
            facts := facts || jsonb_build_object('freezes', shut.freezes);
        END IF;
        verdict := CASE WHEN p_together AND p_accessible = 0 AND NOT met
                              AND (facts ->> 'open')::integer >= (facts ->> 'asked')::integer
                        THEN 'not_together' ELSE 'short' END;
        place_ids := NULL;
        RETURN;
    END IF;

    IF rules.has_lines THEN
        SELECT * INTO judged FROM inventory_judge_by_rules(p_show, p_channel, place_ids, p_alone, locked_at);
        IF judged.verdict IS NOT NULL THEN
            verdict := judged.verdict;
            facts := coalesce(judged.facts, '{}') || jsonb_build_object('due', EXISTS (
                SELECT FROM inventory_claim c
                WHERE c.show_id = p_show AND c.kind = 'lock' AND c.ended_at IS NULL AND c.due_at <= locked_at));
            IF verdict = 'line_reached' AND NOT (facts ->> 'due')::boolean THEN
                verdict := 'frozen';
                facts := jsonb_build_object('freezes', ARRAY(
                    SELECT inventory_trip(p_show, r, p_channel, locked_at) FROM unnest(judged.tripped) AS r));
            END IF;
            place_ids := NULL;
            RETURN;
        END IF;
    END IF;

    hard_until := locked_at + make_interval(secs => rules.lock_cap_s);
    expires_at := locked_at + make_interval(secs => greatest(1, least(p_lock_for_s, rules.lock_for_s)));
    IF rules.orphan_rule = 'warn' AND rules.has_seats AND (may_strand OR NOT is_whole) THEN
        strands := inventory_stranded(p_show, place_ids, locked_at);
    END IF;

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
    IF rules.has_lines THEN
        PERFORM inventory_trip(p_show, r, p_channel, locked_at) FROM unnest(judged.tripped) AS r;
    END IF;
    verdict := 'granted';
    facts := '{}';
END $$;

-- The same under an Idempotency-Key, once for good: where the key has an answer, that is told and nothing done; otherwise
-- the lock is made and kept as the key's answer, in this one transaction. Of two at the same moment the second breaks
-- `idempotency_key_is_used_once`. `labels` are what a buyer calls the places, by rank: id, section, row, number, tier.

CREATE FUNCTION inventory_lock_places_once(
    p_scope text, p_key text, p_request text,
    p_show bigint, p_channel bigint, p_tiers bigint[], p_section bigint, p_quantity integer, p_accessible integer,
    p_together boolean, p_places bigint[], p_wait boolean, p_alone boolean, p_as_is boolean, p_session text,
    p_address text, p_contact text, p_lock_for_s integer, p_reference text, p_actor text, p_reason text, p_note text,
    p_now timestamptz,
    OUT earlier_request text, OUT earlier_status integer, OUT earlier_answer jsonb, OUT labels jsonb,
    OUT verdict text, OUT facts jsonb, OUT claim_id bigint, OUT place_ids bigint[], OUT group_sizes integer[],
    OUT strands bigint[], OUT locked_at timestamptz, OUT expires_at timestamptz, OUT hard_until timestamptz
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
    done record;
BEGIN
    SELECT k.request, k.status, k.answer INTO earlier_request, earlier_status, earlier_answer
        FROM core_keptanswer k WHERE k.scope = p_scope AND k.key = p_key;
    IF FOUND THEN RETURN; END IF;
    SELECT * INTO done FROM inventory_lock_places(
        p_show, p_channel, p_tiers, p_section, p_quantity, p_accessible, p_together, p_places, p_wait, p_alone, p_as_is,
        p_session, p_address, p_contact, p_lock_for_s, p_reference, p_actor, p_reason, p_note, p_now);
    verdict := done.verdict;
    facts := done.facts;
    IF verdict <> 'granted' THEN RETURN; END IF;
    claim_id := done.claim_id;
    place_ids := done.place_ids;
    group_sizes := done.group_sizes;
    strands := done.strands;
    locked_at := done.locked_at;
    expires_at := done.expires_at;
    hard_until := done.hard_until;
    labels := (SELECT jsonb_agg(jsonb_build_array(p.id, s.code, p."row", p.number, t.code) ORDER BY p.rank, p.id)
               FROM inventory_place p JOIN inventory_section s ON s.id = p.section_id
               JOIN inventory_tier t ON t.id = p.tier_id WHERE p.id = ANY (place_ids));
    INSERT INTO core_keptanswer (scope, key, request, status, answer, at)
        VALUES (p_scope, p_key, p_request, 201, to_jsonb(done) || jsonb_build_object('labels', labels), clock_timestamp());
END $$;
