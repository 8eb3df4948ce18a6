-- The referee: what PostgreSQL refuses, whatever code writes. Every refusal carries the name of the rule it broke
-- as its constraint name, and errcode 23514 (check_violation), so Python sees an IntegrityError.

-- Same show, and the right kind of claim ------------------------------------------------------------------------

ALTER TABLE inventory_place ADD COLUMN claim_kind varchar(5) GENERATED ALWAYS AS (
    CASE status
        WHEN 'locked' THEN 'lock' WHEN 'held' THEN 'hold' WHEN 'leased' THEN 'lease'
        WHEN 'sold' THEN 'sale' WHEN 'killed' THEN 'kill'
    END
) STORED;

ALTER TABLE inventory_place
    ADD CONSTRAINT place_section_is_of_its_show FOREIGN KEY (section_id, show_id) REFERENCES inventory_section (id, show_id),
    ADD CONSTRAINT place_tier_is_of_its_show FOREIGN KEY (tier_id, show_id) REFERENCES inventory_tier (id, show_id),
    ADD CONSTRAINT place_allocation_is_of_its_show
        FOREIGN KEY (allocation_id, show_id) REFERENCES inventory_allocation (id, show_id),
    ADD CONSTRAINT place_movement_is_of_its_show
        FOREIGN KEY (show_id, movement_id) REFERENCES inventory_movement (show_id, id),
    ADD CONSTRAINT place_claim_is_of_its_show_and_matches_its_status
        FOREIGN KEY (show_id, claim_kind, claim_id) REFERENCES inventory_claim (show_id, kind, id);

-- A movement is of the transaction that wrote it ------------------------------------------------------------------
-- Neither column is the program's to write (0002_privileges.sql). Two of them, since transaction ids start again
-- in a cluster restored from a dump, and times do not.

ALTER TABLE inventory_movement
    ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();

CREATE FUNCTION inventory_refuse(rule text, says text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = says || ' [' || rule || ']';
END $$;

-- What a verb may do. Python's copy is inventory/transitions.py; a test holds the two together.

CREATE FUNCTION inventory_is_legal(verb text, was text, becomes text) RETURNS boolean
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
        'allocate_places:leased>leased', 'allocate_places:sold>sold', 'allocate_places:killed>killed'
    ])
$$;

-- The movement a statement on places names, or a refusal. One statement, one movement; written once, and now.
-- No sequential scans in here: after a load every entry is of one movement, so the planner thinks that looking for any
-- other finds one at once, and reads the whole table to find none.

CREATE FUNCTION inventory_movement_of_this_act(named bigint) RETURNS inventory_movement
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    m inventory_movement;
BEGIN
    SELECT * INTO m FROM inventory_movement WHERE id = named;
    IF NOT FOUND THEN
        PERFORM inventory_refuse('place_change_names_a_movement', 'a place changed and names no movement');
    END IF;
    IF m.xact <> pg_current_xact_id() OR m.recorded_at <> now() THEN
        PERFORM inventory_refuse('place_movement_is_of_this_transaction',
            format('movement %s is of an earlier transaction', named));
    END IF;
    IF EXISTS (SELECT FROM inventory_entry WHERE movement_id = named) THEN
        PERFORM inventory_refuse('place_moves_once_under_a_movement', format('movement %s is already written', named));
    END IF;
    RETURN m;
END $$;

-- INSERT: places arrive open, under a manifest's movement ---------------------------------------------------------

CREATE FUNCTION inventory_place_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    m inventory_movement;
    arrived bigint;
    named bigint;
    strays bigint;
BEGIN
    SELECT count(*), max(movement_id) INTO arrived, named FROM new_places;
    IF arrived = 0 THEN
        RETURN NULL;
    END IF;
    m := inventory_movement_of_this_act(named);
    SELECT count(*) INTO strays FROM new_places
        WHERE status <> 'open' OR movement_id <> named OR show_id <> m.show_id;
    IF strays > 0 OR m.verb NOT IN ('load_manifest', 'add_places') THEN
        PERFORM inventory_refuse('place_arrives_open_by_a_manifest',
            'places arrive open, under one movement that loads or adds places');
    END IF;
    IF arrived <> m.quantity THEN
        PERFORM inventory_refuse('movement_moves_its_quantity',
            format('movement %s declares %s places, the statement brings %s', m.id, m.quantity, arrived));
    END IF;
    INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, to_allocation, to_tier)
        SELECT named, id, '', status, allocation_id, tier_id FROM new_places;
    RETURN NULL;
END $$;

CREATE TRIGGER place_inserted AFTER INSERT ON inventory_place
    REFERENCING NEW TABLE AS new_places FOR EACH STATEMENT EXECUTE FUNCTION inventory_place_inserted();

-- UPDATE: every change of status, claim, allocation or tier is one movement's ---------------------------------------
-- The plan of a trigger's query is kept for the session: made for two places it would loop over sixty thousand.
-- Hence no nested loops in here; both sides are transition tables, so a hash join is right for any size.

CREATE FUNCTION inventory_place_updated() RETURNS trigger
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
            WHEN o.allocation_id <> n.allocation_id AND m.verb NOT IN ('allocate_places', 'release_hold')
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

CREATE TRIGGER place_updated AFTER UPDATE ON inventory_place
    REFERENCING OLD TABLE AS old_places NEW TABLE AS new_places
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_place_updated();

-- What never happens ------------------------------------------------------------------------------------------------

CREATE FUNCTION inventory_never() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM inventory_refuse(TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END $$;

CREATE TRIGGER place_identity_never_changes
    BEFORE UPDATE OF id, show_id, section_id, "row", number ON inventory_place FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('place_identity_never_changes', 'a place keeps its id, show, section, row and number');

CREATE TRIGGER place_with_a_history_is_never_deleted BEFORE DELETE ON inventory_place FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('place_with_a_history_is_never_deleted', 'a place has a history from its first day');

CREATE TRIGGER places_are_never_truncated BEFORE TRUNCATE ON inventory_place FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('places_are_never_truncated', 'places are never truncated');

CREATE TRIGGER movements_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON inventory_movement FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('movements_never_change', 'a correction is a new movement');

CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON inventory_entry FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('entries_never_change', 'a correction is a new movement');

CREATE FUNCTION inventory_entry_inserted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        PERFORM inventory_refuse('entries_are_written_by_the_trigger', 'only a change of places writes entries');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_are_written_by_the_trigger BEFORE INSERT ON inventory_entry
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_entry_inserted();

-- Claims: kind and show never change, an end is final, and nothing ends while it owns a place -------------------------

CREATE TRIGGER claim_kind_never_changes
    BEFORE UPDATE OF id, show_id, kind, channel_id, origin_id, reference, session, address, contact, hard_until, created_at
    ON inventory_claim FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('claim_kind_never_changes',
        'a claim keeps whose it is, where it came from and its cap: end it and make a new one');

CREATE TRIGGER claims_are_never_deleted BEFORE DELETE OR TRUNCATE ON inventory_claim FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('claims_are_never_deleted', 'a claim ends, it is never deleted');

CREATE TRIGGER claim_ends_once BEFORE UPDATE ON inventory_claim FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.phase, NEW.expires_at)
        IS DISTINCT FROM (OLD.ended_at, OLD.phase, OLD.expires_at))
    EXECUTE FUNCTION inventory_never('claim_ends_once', 'an ended claim stays as it ended');

CREATE FUNCTION inventory_claim_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory_place WHERE claim_id = NEW.id) THEN
        PERFORM inventory_refuse('ended_claim_owns_no_place', format('claim %s ended and still owns places', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ended_claim_owns_no_place AFTER UPDATE OF ended_at ON inventory_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION inventory_claim_ended();

-- Vacuum early: a rush leaves dead rows at the best end of the open index, where every buyer starts to read -----------

ALTER TABLE inventory_place SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
                                 autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE inventory_claim SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
