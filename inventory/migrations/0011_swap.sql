-- A sale in other places of the same tiers: the places change in one movement, so that nobody has both or neither.

-- The table of what a verb may do, with the swap in it.

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
        'swap_places:sold>open', 'swap_places:open>sold',
        'run_due_releases:held>open',
        'run_due_releases:open>open', 'run_due_releases:locked>locked', 'run_due_releases:held>held',
        'run_due_releases:leased>leased', 'run_due_releases:sold>sold', 'run_due_releases:killed>killed'
    ])
$$;

-- The trigger on places as it was, and a look at what a swap exchanges.

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
    -- A swap moves a sale to as many other places of the same tiers: what was paid for, in another seat.
    IF m.verb = 'swap_places' AND (
        EXISTS (SELECT FROM old_places o WHERE o.status = 'sold' AND o.claim_id IS DISTINCT FROM m.claim_id)
        OR EXISTS (SELECT FROM old_places o JOIN new_places n ON n.id = o.id GROUP BY n.tier_id
                   HAVING count(*) FILTER (WHERE o.status = 'sold') <> count(*) FILTER (WHERE n.status = 'sold'))
    ) THEN
        PERFORM inventory_refuse('swap_is_of_one_sale_and_within_tiers',
            format('movement %s gives a sale other places than it takes', m.id));
    END IF;

    INSERT INTO inventory_entry (movement_id, place_id, from_status, to_status, from_claim, to_claim,
                                 from_allocation, to_allocation, from_tier, to_tier)
        SELECT named, o.id, o.status, n.status, o.claim_id, n.claim_id,
               o.allocation_id, n.allocation_id, o.tier_id, n.tier_id
        FROM old_places o JOIN new_places n ON n.id = o.id
        WHERE n.movement_id = named AND o.movement_id <> named;
    RETURN NULL;
END $$;
