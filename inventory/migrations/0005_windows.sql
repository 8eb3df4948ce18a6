-- Best available (docs/adr/0010): windows of neighbours, picked without queueing. All of these are called by the locking
-- function alone, under its settings: no sequential scans, since plans are kept and one made on an empty table must not stay.

-- Lock these rows as far as they are open, of the tier and under the labels still: past whatever somebody has in hand, or
-- waiting for it. Those that were had.

CREATE FUNCTION inventory_take(p_places bigint[], p_tier bigint, p_labels bigint[], p_wait boolean) RETURNS bigint[]
LANGUAGE plpgsql AS $$
BEGIN
    IF p_wait THEN
        RETURN ARRAY(
            SELECT id FROM inventory_place
            WHERE id = ANY (p_places) AND status = 'open' AND tier_id = p_tier AND allocation_id = ANY (p_labels)
            ORDER BY id FOR NO KEY UPDATE);
    END IF;
    RETURN ARRAY(
        SELECT id FROM inventory_place
        WHERE id = ANY (p_places) AND status = 'open' AND tier_id = p_tier AND allocation_id = ANY (p_labels)
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED);
END $$;

-- The windows of p_size neighbours among the places of p_chunk, the best first, whether or not they strand a seat.

CREATE FUNCTION inventory_windows(p_chunk bigint[], p_size integer, p_accessible integer)
RETURNS TABLE (section_id bigint, "row" varchar, run integer, first integer, ids bigint[])
LANGUAGE plpgsql STABLE AS $$  -- not sql: its plan is kept
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.section_id, w."row", w.run, w.first, w.ids
    FROM (SELECT l.section_id, l."row", l.run, l.position AS first, count(*) OVER w AS places, max(l.rank) OVER w AS worst,
                 sum(l.rank) OVER w AS total, count(*) FILTER (WHERE l.is_accessible) OVER w AS accessible,
                 array_agg(l.id) OVER w AS ids
          FROM (SELECT p.*, count(*) OVER (PARTITION BY p.section_id, p."row", p.run, p.stretch) AS length
                FROM (SELECT i.id, i.section_id, i."row", i.run, i.position, i.rank, i.is_accessible,
                             i.position - row_number() OVER (
                                 PARTITION BY i.section_id, i."row", i.run ORDER BY i.position) AS stretch
                      FROM inventory_place i WHERE i.id = ANY (p_chunk)) p) l
          WHERE l.length >= p_size  -- so that a large party does not look at what is too short for it
          WINDOW w AS (PARTITION BY l.section_id, l."row", l.run ORDER BY l.position
                       RANGE BETWEEN CURRENT ROW AND p_size - 1 FOLLOWING)) w
    WHERE w.places = p_size AND (p_accessible = 0 OR w.accessible = p_accessible)
    ORDER BY w.worst, w.total, w.section_id, w.run, w.first;
END $$;

-- A run drawn as a line of ones (open) and zeros, its first position the first sign; places of p_gone are about to be
-- locked. Read by the row's index: what is open is looked at outside.

CREATE FUNCTION inventory_line(p_show bigint, p_section bigint, p_row text, p_run integer, p_gone bigint[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT string_agg(repeat('0', p.position - p.before - 1)  -- positions that no place has
                          || CASE WHEN p.status = 'open' AND NOT p.id = ANY (p_gone) THEN '1' ELSE '0' END, ''
                          ORDER BY p.position)
        FROM (SELECT r.*, coalesce(lag(r.position) OVER (ORDER BY r.position), 0) AS before
              FROM (SELECT id, run, position, status FROM inventory_place
                    WHERE show_id = p_show AND section_id = p_section AND "row" = p_row OFFSET 0) r
              WHERE r.run = p_run) p);
END $$;

-- p_size neighbours of a tier under some labels, row-locked and the best that nobody else has in hand; NULL ids where
-- there are none. `met` says whether there was any window at all: none is the truth, some is somebody's hand. `strands`:
-- they leave a single seat, since nothing else was to be had.
-- The search widens along the open index until it has a window; only against stranding does it widen further.

CREATE FUNCTION inventory_pick_seats(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, OUT ids bigint[], OUT met boolean,
    OUT strands boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    most integer := greatest(32, 8 * p_size);
    at_most CONSTANT integer := 800;
    chunk bigint[];
    w record;
    key text;
    line text;
    lines jsonb := '{}';        -- runs looked at, drawn
    lost bigint[] := '{}';      -- places in somebody's hand
    stranding bigint[];         -- windows of this chunk that strand, one after the other, the best first
    window_ids bigint[];
    got bigint[];
    is_last boolean;
BEGIN
    met := false;
    LOOP
        IF p_accessible > 0 THEN
            -- Few runs have wheelchair places, and rank says nothing of where: those runs whole, at once.
            chunk := ARRAY(
                SELECT p.id FROM (SELECT DISTINCT a.section_id, a."row", a.run FROM inventory_place a
                                  WHERE a.show_id = p_show AND a.is_accessible AND a.status = 'open' AND a.tier_id = p_tier
                                    AND a.allocation_id = ANY (p_labels)) r
                CROSS JOIN LATERAL (  -- by the row's index: what is open is looked at outside
                    SELECT * FROM inventory_place p
                    WHERE p.show_id = p_show AND p.section_id = r.section_id AND p."row" = r."row" OFFSET 0) p
                WHERE p.run = r.run AND p.status = 'open' AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels)
                  AND p.run > 0 AND (p_section IS NULL OR p.section_id = p_section)
                  AND NOT p.section_id = ANY (p_shut_sections) AND NOT p.id = ANY (p_gone));
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

        stranding := '{}';
        FOR w IN SELECT * FROM inventory_windows(chunk, p_size, p_accessible) LOOP
            met := true;
            CONTINUE WHEN w.ids && lost;
            IF p_orphans THEN
                key := w.section_id || ' ' || w.run || ' ' || w."row";
                line := lines ->> key;
                IF line IS NULL THEN
                    line := inventory_line(p_show, w.section_id, w."row", w.run, p_gone);
                    lines := lines || jsonb_build_object(key, line);
                END IF;
                IF substr(line, w.first - 1, 1) = '1' AND substr(line, w.first - 2, 1) <> '1'
                    OR substr(line, w.first + p_size, 1) = '1' AND substr(line, w.first + p_size + 1, 1) <> '1' THEN
                    stranding := stranding || w.ids;
                    CONTINUE;
                END IF;
            END IF;
            got := inventory_take(w.ids, p_tier, p_labels, p_wait);
            IF cardinality(got) = p_size THEN
                ids := w.ids;
                strands := false;
                RETURN;
            END IF;
            IF p_wait THEN RETURN; END IF;  -- one wait a statement: the caller looks again with a fresh one
            lost := lost || ARRAY(SELECT u FROM unnest(w.ids) u WHERE NOT u = ANY (got));
        END LOOP;

        -- Nothing better in here. Those that strand come last, when it has been looked far enough.
        is_last := most IS NULL OR cardinality(chunk) < most;
        IF is_last OR most >= at_most THEN
            FOR nth IN 0 .. cardinality(stranding) / p_size - 1 LOOP
                window_ids := stranding[nth * p_size + 1 : (nth + 1) * p_size];
                CONTINUE WHEN window_ids && lost;
                got := inventory_take(window_ids, p_tier, p_labels, p_wait);
                IF cardinality(got) = p_size THEN
                    ids := window_ids;
                    strands := true;
                    RETURN;
                END IF;
                IF p_wait THEN RETURN; END IF;
                lost := lost || ARRAY(SELECT u FROM unnest(window_ids) u WHERE NOT u = ANY (got));
            END LOOP;
        END IF;
        EXIT WHEN is_last;
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
            SELECT p.section_id, p."row", p.run,
                   p.position - row_number() OVER (PARTITION BY p.section_id, p."row", p.run ORDER BY p.position) AS piece
            FROM inventory_place p
            WHERE p.show_id = p_show AND p.tier_id = p_tier AND p.allocation_id = ANY (p_labels) AND p.status = 'open'
              AND NOT p.is_accessible AND NOT p.is_companion AND p.run > 0
              AND (p_section IS NULL OR p.section_id = p_section) AND NOT p.section_id = ANY (p_shut_sections)
              AND NOT p.id = ANY (p_gone)) f
        GROUP BY f.section_id, f."row", f.run, f.piece ORDER BY 1 DESC LIMIT 2);
END $$;

-- One window of a tier: under each label by itself first, then under all of them mixed.

CREATE FUNCTION inventory_pick_somewhere(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, OUT ids bigint[], OUT met boolean,
    OUT strands boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    label bigint;
    has_met boolean := false;
BEGIN
    FOREACH label IN ARRAY p_labels LOOP
        SELECT s.ids, s.met, s.strands INTO ids, met, strands FROM inventory_pick_seats(
            p_show, p_tier, p_section, p_shut_sections, ARRAY[label], p_size, p_accessible, p_orphans, p_gone, p_wait) s;
        has_met := has_met OR met;
        IF ids IS NOT NULL THEN RETURN; END IF;
    END LOOP;
    IF cardinality(p_labels) > 1 THEN
        SELECT s.ids, s.met, s.strands INTO ids, met, strands FROM inventory_pick_seats(
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
-- else neighbours. `met`: no place, but there was a window, in somebody's hand; `strands`: they leave a single seat.

CREATE FUNCTION inventory_pick_together(
    p_show bigint, p_tier bigint, p_section bigint, p_shut_sections bigint[], p_labels bigint[], p_size integer,
    p_accessible integer, p_orphans boolean, p_gone bigint[], p_wait boolean, p_has_seats boolean,
    OUT ids bigint[], OUT met boolean, OUT strands boolean
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
        SELECT s.ids, s.met, s.strands INTO ids, met, strands FROM inventory_pick_somewhere(
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
