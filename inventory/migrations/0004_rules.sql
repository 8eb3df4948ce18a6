-- Rules of selling: release ladders and freezes. What they name is of their show; what changes them waits for sales.

ALTER TABLE inventory_releasestep
    ADD CONSTRAINT release_step_allocation_is_of_its_show
        FOREIGN KEY (allocation_id, show_id) REFERENCES inventory_allocation (id, show_id),
    ADD CONSTRAINT release_step_leads_within_its_show
        FOREIGN KEY (to_allocation_id, show_id) REFERENCES inventory_allocation (id, show_id),
    ADD COLUMN hold_kind varchar(5) GENERATED ALWAYS AS (CASE WHEN hold_id IS NOT NULL THEN 'hold' END) STORED,
    ADD CONSTRAINT release_step_hold_is_of_its_show
        FOREIGN KEY (show_id, hold_kind, hold_id) REFERENCES inventory_claim (show_id, kind, id);

ALTER TABLE inventory_freezerule
    ADD CONSTRAINT freeze_rule_tier_is_of_its_show FOREIGN KEY (tier_id, show_id) REFERENCES inventory_tier (id, show_id),
    ADD CONSTRAINT freeze_rule_section_is_of_its_show
        FOREIGN KEY (section_id, show_id) REFERENCES inventory_section (id, show_id);

ALTER TABLE inventory_freeze
    ADD CONSTRAINT freeze_tier_is_of_its_show FOREIGN KEY (tier_id, show_id) REFERENCES inventory_tier (id, show_id),
    ADD CONSTRAINT freeze_section_is_of_its_show
        FOREIGN KEY (section_id, show_id) REFERENCES inventory_section (id, show_id),
    ADD CONSTRAINT freeze_movement_is_of_its_show
        FOREIGN KEY (show_id, frozen_id) REFERENCES inventory_movement (show_id, id),
    ADD CONSTRAINT freeze_thaw_is_of_its_show
        FOREIGN KEY (show_id, thawed_id) REFERENCES inventory_movement (show_id, id);

-- Whoever writes one of these, by whatever code, waits for the sales in flight, and the next ones wait for the writer.

CREATE FUNCTION inventory_seize_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4217, coalesce(NEW.show_id, OLD.show_id)::integer);
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER freeze_waits_for_sales BEFORE INSERT OR UPDATE ON inventory_freeze
    FOR EACH ROW EXECUTE FUNCTION inventory_seize_show();
CREATE TRIGGER freeze_rule_waits_for_sales BEFORE INSERT OR UPDATE OR DELETE ON inventory_freezerule
    FOR EACH ROW EXECUTE FUNCTION inventory_seize_show();

CREATE TRIGGER freezes_are_never_deleted BEFORE DELETE OR TRUNCATE ON inventory_freeze FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('freezes_are_never_deleted', 'a freeze is thawed, it is never deleted');
CREATE TRIGGER freeze_thaws_once
    BEFORE UPDATE ON inventory_freeze FOR EACH ROW
    WHEN (OLD.thawed_id IS NOT NULL OR (NEW.id, NEW.show_id, NEW.tier_id, NEW.section_id, NEW.channel_id, NEW.rule_id,
        NEW.frozen_id) IS DISTINCT FROM (OLD.id, OLD.show_id, OLD.tier_id, OLD.section_id, OLD.channel_id, OLD.rule_id,
        OLD.frozen_id))
    EXECUTE FUNCTION inventory_never('freeze_thaws_once', 'a freeze changes only by its one thaw');

CREATE INDEX freeze_in_force ON inventory_freeze (show_id) WHERE thawed_id IS NULL;
CREATE INDEX freeze_rule_in_force ON inventory_freezerule (show_id) WHERE is_active;

-- What has changed since some transaction: for reads that tell only the difference.

CREATE INDEX movement_by_transaction ON inventory_movement (show_id, xact);

-- The table of what a verb may do, with the releases in it.

CREATE OR REPLACE FUNCTION inventory_is_legal(verb text, was text, becomes text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT verb || ':' || was || '>' || becomes = ANY (ARRAY[
        'lock_places:open>locked',
        'release_lock:locked>open',
        'expire_locks:locked>open',
        'commit_lock:locked>sold',
        'return_sold:sold>open',
        'place_hold:open>held',
        'release_hold:held>open',
        'kill_places:open>killed',
        'unkill_places:killed>open',
        'allocate_places:open>open', 'allocate_places:locked>locked', 'allocate_places:held>held',
        'allocate_places:leased>leased', 'allocate_places:sold>sold', 'allocate_places:killed>killed',
        'run_due_releases:held>open',
        'run_due_releases:open>open', 'run_due_releases:locked>locked', 'run_due_releases:held>held',
        'run_due_releases:leased>leased', 'run_due_releases:sold>sold', 'run_due_releases:killed>killed'
    ])
$$;

-- Which labels a channel may sell under at a moment: its own first, then the pool and what counts as pool.

CREATE FUNCTION inventory_sellable(p_show bigint, p_channel bigint, p_at timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT a.id FROM inventory_allocation a
        WHERE a.show_id = p_show
          AND (a.is_pool OR a.closes_at <= p_at OR EXISTS (
              SELECT FROM inventory_allocationchannel o
              WHERE o.allocation_id = a.id AND o.channel_id = p_channel AND coalesce(o.opens_at <= p_at, true)))
        ORDER BY (a.is_pool OR a.closes_at <= p_at) IS TRUE, a.id)
$$;

-- Whether anything is due to be released: a step of a ladder, or a hold whose end has come.

CREATE FUNCTION inventory_has_due_releases(p_show bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM inventory_releasestep
                   WHERE show_id = p_show AND done_at IS NULL AND at <= p_at)
        OR EXISTS (SELECT FROM inventory_claim
                   WHERE show_id = p_show AND kind = 'hold' AND ended_at IS NULL AND expires_at IS NOT NULL
                     AND expires_at <= p_at)
$$;

-- What the releases that are due would do, act by act: the one truth for reads, which show it, and for
-- run_due_releases, which does it. A later act sees what the earlier ones did. The worst places go first.

CREATE FUNCTION inventory_due_releases(p_show bigint, p_at timestamptz)
RETURNS TABLE (act integer, step_id bigint, hold_id bigint, place_id bigint, opens boolean, allocation_id bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE
    pool bigint;
    due record;
    much integer;
    there integer;
    ids bigint[] := '{}';      -- the places moved so far, each once, with what they became
    labels bigint[] := '{}';
    opened boolean[] := '{}';
    chosen bigint[];
    becoming bigint[];
BEGIN
    IF NOT inventory_has_due_releases(p_show, p_at) THEN RETURN; END IF;
    SELECT a.id INTO pool FROM inventory_allocation a WHERE a.show_id = p_show AND a.is_pool;
    act := 0;
    FOR due IN
        SELECT s.at, s.id AS step, s.allocation_id AS source, s.hold_id AS hold, s.share_percent AS share,
               s.quantity AS number, s.to_allocation_id AS target
        FROM inventory_releasestep s WHERE s.show_id = p_show AND s.done_at IS NULL AND s.at <= p_at
        UNION ALL
        SELECT c.expires_at, NULL, NULL, c.id, 100, NULL, NULL
        FROM inventory_claim c
        WHERE c.show_id = p_show AND c.kind = 'hold' AND c.ended_at IS NULL AND c.expires_at <= p_at
        ORDER BY 1, 2 NULLS LAST, 4
    LOOP
        act := act + 1;
        IF due.hold IS NOT NULL THEN
            SELECT array_agg(f.id ORDER BY f.rank DESC, f.id DESC), array_agg(f.label ORDER BY f.rank DESC, f.id DESC)
                INTO chosen, becoming
                FROM (SELECT p.id, p.rank, coalesce(due.target, m.label, p.allocation_id) AS label
                      FROM inventory_place p LEFT JOIN unnest(ids, labels, opened) AS m (id, label, opened) ON m.id = p.id
                      WHERE p.claim_id = due.hold AND p.status = 'held' AND m.opened IS NOT TRUE) f;
        ELSE
            SELECT array_agg(f.id ORDER BY f.rank DESC, f.id DESC) INTO chosen
                FROM (SELECT p.id, p.rank
                      FROM inventory_place p
                      LEFT JOIN unnest(ids, labels, opened) AS m (id, label, opened) ON m.id = p.id
                      LEFT JOIN inventory_claim c ON c.id = p.claim_id AND p.status = 'locked'
                      WHERE p.show_id = p_show AND coalesce(m.label, p.allocation_id) = due.source
                        AND (due.share = 100 OR p.status = 'open' OR m.opened OR c.due_at <= p_at)) f;
            becoming := array_fill(coalesce(due.target, pool), ARRAY[coalesce(cardinality(chosen), 0)]);
        END IF;
        there := coalesce(cardinality(chosen), 0);
        much := least(there, coalesce(due.number, ceil(there * due.share / 100.0)::integer));
        CONTINUE WHEN much = 0;
        chosen := chosen[1:much];
        becoming := becoming[1:much];
        RETURN QUERY SELECT act, due.step, due.hold, c.id, due.hold IS NOT NULL, c.label
            FROM unnest(chosen, becoming) AS c (id, label);
        SELECT array_agg(f.id), array_agg(f.label), array_agg(f.opened) INTO ids, labels, opened FROM (
            SELECT m.id, coalesce(c.label, m.label) AS label, m.opened OR (c.id IS NOT NULL AND due.hold IS NOT NULL) AS opened
            FROM unnest(ids, labels, opened) AS m (id, label, opened)
            LEFT JOIN unnest(chosen, becoming) AS c (id, label) ON c.id = m.id
            UNION ALL
            SELECT c.id, c.label, due.hold IS NOT NULL FROM unnest(chosen, becoming) AS c (id, label)
            WHERE NOT EXISTS (SELECT FROM unnest(ids) AS m (id) WHERE m.id = c.id)) f;
    END LOOP;
END $$;

-- How many possible second claimants there are for places of a tier or a section (NULL: any): payments that lapsed and
-- are still watched, since their money may yet come. One row of the lock's own movement for each such place.

CREATE FUNCTION inventory_exposure(p_show bigint, p_tier bigint, p_section bigint, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$  -- not sql: its plan is kept, and reads no table whole
BEGIN
    RETURN (
    SELECT count(*)::integer
    FROM inventory_claim c
    JOIN inventory_movement m ON m.claim_id = c.id AND m.verb = 'lock_places'
    JOIN inventory_entry e ON e.movement_id = m.id
    JOIN inventory_place p ON p.id = e.place_id
    WHERE c.show_id = p_show AND c.kind = 'lock' AND c.phase = 'paying'
      AND (c.ended_at IS NULL OR c.ended_at >= c.hard_until)
      AND c.hard_until <= p_at
      AND c.hard_until > p_at - make_interval(secs => (SELECT watch_payment_for_s FROM inventory_show WHERE id = p_show))
      AND NOT EXISTS (SELECT FROM inventory_claim s WHERE s.origin_id = c.id)
      AND (p_tier IS NULL OR e.to_tier = p_tier) AND (p_section IS NULL OR p.section_id = p_section));
END $$;

-- The trigger on places as it was, but that a release may change a label.
-- The plan of a trigger's query is kept for the session: made for two places it would loop over sixty thousand.
-- Hence no nested loops in here; both sides are transition tables, so a hash join is right for any size.

CREATE OR REPLACE FUNCTION inventory_place_updated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    m inventory_movement;
    c inventory_claim;
    changed bigint;
    named bigint;
    unnamed boolean;
    broken text;
    which bigint;
BEGIN
    SELECT count(*), max(n.movement_id), bool_or(n.movement_id = o.movement_id) INTO changed, named, unnamed
        FROM old_places o JOIN new_places n ON n.id = o.id
        WHERE (o.status, o.claim_id, o.allocation_id, o.tier_id, o.movement_id)
            IS DISTINCT FROM (n.status, n.claim_id, n.allocation_id, n.tier_id, n.movement_id);
    IF changed = 0 THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM inventory_refuse('places_move_at_read_committed', 'the rules look at what is committed now');
    END IF;
    IF unnamed THEN
        PERFORM inventory_refuse('place_change_names_a_movement', 'a place changed and its movement did not');
    END IF;
    m := inventory_movement_of_this_act(named);
    IF m.claim_id IS NOT NULL THEN
        -- Shared, so that nobody ends it meanwhile: a foreign key's lock lets that through.
        SELECT * INTO c FROM inventory_claim WHERE id = m.claim_id FOR SHARE;
        IF c.show_id <> m.show_id THEN
            PERFORM inventory_refuse('movement_claim_is_of_its_show', format('movement %s names a foreign claim', m.id));
        END IF;
    END IF;

    SELECT f.broken, f.id INTO broken, which FROM (
        SELECT o.id, CASE
            WHEN n.movement_id <> named THEN 'place_statement_names_one_movement'
            WHEN n.show_id <> m.show_id THEN 'place_movement_is_of_its_show'
            WHEN o.tier_id <> n.tier_id THEN 'place_tier_changes_only_by_retiering'
            WHEN NOT inventory_is_legal(m.verb, o.status, n.status) THEN 'place_transition_is_legal'
            WHEN o.status = n.status AND o.claim_id IS DISTINCT FROM n.claim_id THEN 'place_transition_is_legal'
            WHEN o.allocation_id = n.allocation_id AND o.status = n.status THEN 'place_movement_changes_something'
            WHEN o.allocation_id <> n.allocation_id AND m.verb NOT IN ('allocate_places', 'release_hold', 'run_due_releases')
                THEN 'place_allocation_changes_only_by_rule'
            WHEN n.claim_id IS DISTINCT FROM o.claim_id AND n.claim_id IS NOT NULL
                AND (n.claim_id IS DISTINCT FROM m.claim_id OR c.ended_at IS NOT NULL) THEN 'place_claim_is_the_movements'
            WHEN n.status = 'sold' AND o.status <> 'sold' AND o.claim_id IS NOT NULL
                AND c.origin_id IS DISTINCT FROM o.claim_id THEN 'sale_names_its_origin'
        END AS broken
        FROM old_places o JOIN new_places n ON n.id = o.id
        WHERE (o.status, o.claim_id, o.allocation_id, o.tier_id, o.movement_id)
            IS DISTINCT FROM (n.status, n.claim_id, n.allocation_id, n.tier_id, n.movement_id)
    ) f WHERE f.broken IS NOT NULL LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse(broken, format('movement %s (%s) may not do this to place %s', m.id, m.verb, which));
    END IF;
    IF changed <> m.quantity THEN
        PERFORM inventory_refuse('movement_moves_its_quantity',
            format('movement %s declares %s places, the statement moves %s', m.id, m.quantity, changed));
    END IF;

    INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, from_claim, to_claim,
                                 from_allocation, to_allocation, from_tier, to_tier)
        SELECT named, o.id, o.status, n.status, o.claim_id, n.claim_id,
               o.allocation_id, n.allocation_id, o.tier_id, n.tier_id
        FROM old_places o JOIN new_places n ON n.id = o.id
        WHERE n.movement_id = named AND o.movement_id <> named;
    RETURN NULL;
END $$;
