-- Best available (docs/adr/0010): windows of neighbours, picked without queueing. All of these are called by the locking
-- function alone, under its settings: no sequential scans, since plans are kept and one made on an empty table must not stay.

-- The windows of p_size neighbours among the places of p_chunk, the best first. The chunk's rows are looked at whole, to
-- see which windows would leave a single open seat beside them; places of p_gone are about to be locked, so not open.

CREATE FUNCTION inventory_windows(
    p_show bigint, p_chunk bigint[], p_size integer, p_accessible integer, p_orphans boolean, p_gone bigint[]
) RETURNS TABLE (section_id bigint, "row" varchar, run integer, first integer, strands boolean, worst integer)
LANGUAGE plpgsql STABLE AS $$  -- not sql: its plan is kept
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH mine AS MATERIALIZED (
        SELECT p.id, p.section_id, p."row", p.run, p.position, p.rank, p.is_accessible
        FROM inventory_place p WHERE p.id = ANY (p_chunk)
    ), near AS (
        SELECT p.section_id, p.run, p.position,
               p.position - row_number() OVER (PARTITION BY p.section_id, p.run ORDER BY p.position) AS stretch
        FROM (SELECT DISTINCT m.section_id, m."row" FROM mine m WHERE p_orphans) r
        CROSS JOIN LATERAL (SELECT * FROM inventory_place p  -- by the row's index: what is open is looked at outside
                            WHERE p.show_id = p_show AND p.section_id = r.section_id AND p."row" = r."row" OFFSET 0) p
        WHERE p.status = 'open' AND p.run > 0 AND NOT p.id = ANY (p_gone)
    ), reaching AS (
        SELECT n.section_id, n.run, n.position, min(n.position) OVER s AS reach_from, max(n.position) OVER s AS reach_to
        FROM near n WINDOW s AS (PARTITION BY n.section_id, n.run, n.stretch)
    ), pieced AS (
        SELECT m.*, m.position - row_number() OVER (PARTITION BY m.section_id, m.run ORDER BY m.position) AS piece
        FROM mine m
    ), long_enough AS (
        SELECT f.* FROM (SELECT p.*, count(*) OVER (PARTITION BY p.section_id, p.run, p.piece) AS length FROM pieced p) f
        WHERE f.length >= p_size
    ), windows AS (
        SELECT l.section_id, l."row", l.run, l.position AS first, count(*) OVER w AS places, max(l.rank) OVER w AS worst,
               sum(l.rank) OVER w AS total, count(*) FILTER (WHERE l.is_accessible) OVER w AS accessible
        FROM long_enough l
        WINDOW w AS (PARTITION BY l.section_id, l.run ORDER BY l.position RANGE BETWEEN CURRENT ROW AND p_size - 1 FOLLOWING)
    )
    SELECT w.section_id, w."row", w.run, w.first,
           coalesce(w.first - r.reach_from = 1 OR r.reach_to - (w.first + p_size - 1) = 1, false) AS strands, w.worst
    FROM windows w
    LEFT JOIN reaching r ON r.section_id = w.section_id AND r.run = w.run AND r.position = w.first
    WHERE w.places = p_size AND (p_accessible = 0 OR w.accessible = p_accessible)
    ORDER BY strands, w.worst, w.total, w.section_id, w.run, w.first;
END $$;

-- p_size neighbours of a tier under some labels, row-locked and the best that nobody else has in hand; NULL ids where
-- there are none. `met` says whether there was any window at all: none is the truth, some is somebody's hand.
-- The search widens along the open index until it has a window; only against stranding does it widen further.

CREATE FUNCTION inventory_pick_seats(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, OUT ids bigint[], OUT met boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    most integer := greatest(48, 8 * p_size);
    chunk bigint[];
    w record;
    lost text[] := '{}';
    spots text[];
    at_hand bigint[];
    got bigint[];
    had text[];
    at_most CONSTANT integer := 3000;
BEGIN
    met := false;
    LOOP
        IF p_accessible > 0 THEN
            -- Few runs have wheelchair places, and rank says nothing of where: those runs whole, at once.
            chunk := ARRAY(
                SELECT p.id FROM (SELECT DISTINCT a.section_id, a."row", a.run FROM inventory_place a
                                  WHERE a.show_id = p_show AND a.is_accessible AND a.status = 'open' AND a.tier_id = p_tier
                                    AND a.allocation_id = ANY (p_labels)) r
                CROSS JOIN LATERAL (
                    SELECT * FROM inventory_place p
                    WHERE p.show_id = p_show AND p.section_id = r.section_id AND p."row" = r."row" OFFSET 0) p
                WHERE p.run = r.run AND p.status = 'open' AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels) AND p.run > 0
                  AND (p_section IS NULL OR p.section_id = p_section) AND NOT p.section_id = ANY (p_shut_sections)
                  AND NOT p.id = ANY (p_gone));
            most := NULL;
        ELSIF cardinality(p_labels) = 1 THEN
            chunk := ARRAY(
                SELECT p.id FROM inventory_place p
                WHERE p.show_id = p_show AND p.tier_id = p_tier AND p.allocation_id = p_labels[1] AND p.status = 'open'
                  AND NOT p.is_accessible AND NOT p.is_companion AND p.run > 0
                  AND (p_section IS NULL OR p.section_id = p_section) AND NOT p.section_id = ANY (p_shut_sections)
                  AND NOT p.id = ANY (p_gone)
                ORDER BY p.rank, p.id LIMIT most);
        ELSE
            chunk := ARRAY(
                SELECT p.id FROM inventory_place p
                WHERE p.show_id = p_show AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels) AND p.status = 'open'
                  AND NOT p.is_accessible AND NOT p.is_companion AND p.run > 0
                  AND (p_section IS NULL OR p.section_id = p_section) AND NOT p.section_id = ANY (p_shut_sections)
                  AND NOT p.id = ANY (p_gone)
                ORDER BY p.rank, p.id LIMIT most);
        END IF;
        EXIT WHEN cardinality(chunk) < p_size;

        FOR w IN SELECT * FROM inventory_windows(p_show, chunk, p_size, p_accessible, p_orphans, p_gone) LOOP
            met := true;
            EXIT WHEN w.strands AND cardinality(chunk) = most AND most < at_most;
            spots := ARRAY(SELECT w.section_id || ':' || w.run || ':' || n
                           FROM generate_series(w.first, w.first + p_size - 1) AS n);
            CONTINUE WHEN spots && lost;
            at_hand := ARRAY(SELECT p.id FROM inventory_place p
                             WHERE p.show_id = p_show AND p.section_id = w.section_id AND p."row" = w."row"
                               AND p.run = w.run AND p.position BETWEEN w.first AND w.first + p_size - 1);
            IF p_wait THEN
                SELECT array_agg(s.id ORDER BY s.position) INTO got FROM (
                    SELECT p.id, p.position FROM inventory_place p
                    WHERE p.id = ANY (at_hand)
                      AND p.status = 'open' AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels)
                    ORDER BY p.id FOR NO KEY UPDATE) s;
            ELSE
                SELECT array_agg(s.id ORDER BY s.position), array_agg(w.section_id || ':' || w.run || ':' || s.position)
                    INTO got, had FROM (
                    SELECT p.id, p.position FROM inventory_place p
                    WHERE p.id = ANY (at_hand)
                      AND p.status = 'open' AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels)
                    ORDER BY p.id FOR NO KEY UPDATE SKIP LOCKED) s;
            END IF;
            IF cardinality(got) = p_size THEN
                ids := got;
                RETURN;
            END IF;
            IF p_wait THEN RETURN; END IF;  -- one wait a statement: the caller looks again with a fresh one
            lost := lost || ARRAY(SELECT u FROM unnest(spots) u WHERE NOT u = ANY (coalesce(had, '{}')));
        END LOOP;
        EXIT WHEN most IS NULL OR cardinality(chunk) < most;
        most := most * 5;
    END LOOP;
END $$;

-- The lengths of the two longest stretches of candidates in a tier, labels mixed: how a party is best split.

CREATE FUNCTION inventory_longest_stretches(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_gone bigint[]
) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        SELECT count(*)::integer FROM (
            SELECT p.section_id, p.run,
                   p.position - row_number() OVER (PARTITION BY p.section_id, p.run ORDER BY p.position) AS piece
            FROM inventory_place p
            WHERE p.show_id = p_show AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels) AND p.status = 'open'
              AND NOT p.is_accessible AND NOT p.is_companion AND p.run > 0
              AND (p_section IS NULL OR p.section_id = p_section) AND NOT p.section_id = ANY (p_shut_sections)
              AND NOT p.id = ANY (p_gone)) f
        GROUP BY f.section_id, f.run, f.piece ORDER BY 1 DESC LIMIT 2);
END $$;

-- One window of a tier: under each label by itself first, then under all of them mixed.

CREATE FUNCTION inventory_pick_somewhere(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, OUT ids bigint[], OUT met boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    label bigint;
    has_met boolean := false;
BEGIN
    FOREACH label IN ARRAY p_labels LOOP
        SELECT s.ids, s.met INTO ids, met FROM inventory_pick_seats(
            p_show, p_tier, p_section, p_shut_sections, ARRAY[label], p_size, p_accessible, p_orphans, p_gone, p_wait) s;
        has_met := has_met OR met;
        IF ids IS NOT NULL THEN RETURN; END IF;
    END LOOP;
    IF cardinality(p_labels) > 1 THEN
        SELECT s.ids, s.met INTO ids, met FROM inventory_pick_seats(
            p_show, p_tier, p_section, p_shut_sections, p_labels, p_size, p_accessible, p_orphans, p_gone, p_wait) s;
        has_met := has_met OR met;
    END IF;
    met := has_met;
END $$;

-- Up to p_size standing places of a tier, label by label, best first, past whatever somebody has in hand (p_wait: in id
-- order, waiting). With wheelchair places wanted exactly so many of them, or none at all.

CREATE FUNCTION inventory_pick_standing(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_gone bigint[], p_wait boolean
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    label bigint;
    ids bigint[] := '{}';
BEGIN
    IF p_accessible > 0 THEN
        FOREACH label IN ARRAY p_labels LOOP
            ids := ids || ARRAY(
                SELECT id FROM inventory_place
                WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = label AND status = 'open' AND run = 0
                  AND is_accessible AND (p_section IS NULL OR section_id = p_section)
                  AND NOT section_id = ANY (p_shut_sections) AND NOT id = ANY (p_gone)
                ORDER BY rank, id LIMIT p_accessible - cardinality(ids) FOR NO KEY UPDATE SKIP LOCKED);
        END LOOP;
        IF cardinality(ids) < p_accessible THEN
            RETURN '{}';
        END IF;
    ELSIF p_wait THEN
        RETURN ARRAY(
            SELECT id FROM inventory_place
            WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = ANY (p_labels) AND status = 'open' AND run = 0
              AND NOT is_accessible AND NOT is_companion AND (p_section IS NULL OR section_id = p_section)
              AND NOT section_id = ANY (p_shut_sections) AND NOT id = ANY (p_gone)
            ORDER BY id LIMIT p_size FOR NO KEY UPDATE);
    END IF;
    FOREACH label IN ARRAY p_labels LOOP
        EXIT WHEN cardinality(ids) >= p_size;
        ids := ids || ARRAY(
            SELECT id FROM inventory_place
            WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = label AND status = 'open' AND run = 0
              AND NOT is_accessible AND (p_accessible > 0 OR NOT is_companion)
              AND (p_section IS NULL OR section_id = p_section) AND NOT section_id = ANY (p_shut_sections)
              AND NOT id = ANY (p_gone)
            ORDER BY rank, id LIMIT p_size - cardinality(ids) FOR NO KEY UPDATE SKIP LOCKED);
    END LOOP;
    RETURN ids;
END $$;

-- So many together in one tier: standing, where a standing place comes first by rank under the first label that has any;
-- else neighbours. `met`: no place, but there was a window, in somebody's hand.

CREATE FUNCTION inventory_pick_together(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, p_has_seats boolean,
    OUT ids bigint[], OUT met boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    label bigint;
    stands boolean := NOT p_has_seats;
BEGIN
    met := false;
    IF p_has_seats THEN
        FOREACH label IN ARRAY p_labels LOOP
            SELECT run = 0 INTO stands FROM inventory_place
                WHERE show_id = p_show AND tier_id = p_tier AND allocation_id = label AND status = 'open'
                  AND (p_section IS NULL OR section_id = p_section) AND NOT section_id = ANY (p_shut_sections)
                  AND (p_accessible > 0 OR NOT (is_accessible OR is_companion)) AND NOT id = ANY (p_gone)
                ORDER BY rank, id LIMIT 1;
            EXIT WHEN FOUND;
        END LOOP;
    END IF;
    IF stands THEN
        ids := inventory_pick_standing(
            p_show, p_tier, p_section, p_shut_sections, p_labels, p_size, p_accessible, p_gone, p_wait);
        IF cardinality(ids) >= p_size THEN RETURN; END IF;
        ids := NULL;
    END IF;
    IF p_has_seats THEN
        SELECT s.ids, s.met INTO ids, met FROM inventory_pick_somewhere(
            p_show, p_tier, p_section, p_shut_sections, p_labels, p_size, p_accessible, p_orphans, p_gone, p_wait) s;
        met := met AND ids IS NULL;
    END IF;
END $$;

-- A party in groups, tier by tier, when it does not fit anywhere together: until p_size places are found or nothing is
-- left; each group row-locked as it is found. `met` as above.

CREATE FUNCTION inventory_pick_groups(
    p_show bigint, p_tiers bigint[], p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_orphans boolean, p_gone bigint[], p_wait boolean, OUT ids bigint[], OUT sizes integer[], OUT met boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    tier bigint;
    longest integer[];
    size integer;
    remaining integer := p_size;
    more bigint[];
    has_met boolean;
BEGIN
    ids := '{}';
    sizes := '{}';
    met := false;
    FOREACH tier IN ARRAY p_tiers LOOP
        WHILE remaining > 0 LOOP
            longest := inventory_longest_stretches(p_show, tier, p_section, p_shut_sections, p_labels, p_gone || ids);
            EXIT WHEN longest[1] IS NULL;
            size := least(longest[1], remaining);
            IF remaining - size = 1 AND size > 2 AND longest[2] >= 2 THEN
                size := size - 1;
            END IF;
            SELECT s.ids, s.met INTO more, has_met FROM inventory_pick_somewhere(
                p_show, tier, p_section, p_shut_sections, p_labels, size, 0, p_orphans, p_gone || ids, p_wait) s;
            met := met OR (more IS NULL AND has_met);
            EXIT WHEN more IS NULL;
            ids := ids || more;
            sizes := sizes || size;
            remaining := remaining - size;
        END LOOP;
        EXIT WHEN remaining = 0;
        more := inventory_pick_standing(
            p_show, tier, p_section, p_shut_sections, p_labels, remaining, 0, p_gone || ids, p_wait);
        IF cardinality(more) > 0 THEN
            ids := ids || more;
            sizes := sizes || cardinality(more);
            remaining := remaining - cardinality(more);
        END IF;
        EXIT WHEN remaining = 0;
    END LOOP;
END $$;
