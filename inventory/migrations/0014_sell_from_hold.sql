-- The table of what a verb may do, with selling out of a hold in it.

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
        'sell_from_hold:held>sold',
        'swap_places:sold>open', 'swap_places:open>sold',
        'kill_places:open>killed',
        'unkill_places:killed>open',
        'allocate_places:open>open', 'allocate_places:locked>locked', 'allocate_places:held>held',
        'allocate_places:leased>leased', 'allocate_places:sold>sold', 'allocate_places:killed>killed',
        'run_due_releases:held>open',
        'run_due_releases:open>open', 'run_due_releases:locked>locked', 'run_due_releases:held>held',
        'run_due_releases:leased>leased', 'run_due_releases:sold>sold', 'run_due_releases:killed>killed'
    ])
$$;

-- Places of a hold become sales: the nth place belongs to the sale of the nth number in p_of, which counts p_references
-- from 1. Each sale is a claim of its own with its own movement, all of them or none. Verdicts: sold (p_sales are the
-- claims, in the references' order), over (no such hold lives), not_held (p_strays are not its places), due (a ladder
-- has promised some of them by now: carry that out first). Nothing was changed unless sold.

CREATE FUNCTION inventory_sell_from_hold(
    p_hold bigint, p_places bigint[], p_of integer[], p_references text[], p_channel bigint, p_actor text, p_reason text,
    p_note text, p_now timestamptz, OUT verdict text, OUT sales bigint[], OUT strays bigint[]
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_show bigint := (SELECT show_id FROM inventory_claim WHERE id = p_hold AND kind = 'hold');
    v_at timestamptz;
    v_held bigint[];
    v_sale bigint;
    v_act bigint;
    v_part record;
BEGIN
    verdict := 'over';
    IF v_show IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(4217, v_show::integer);
    v_at := coalesce(p_now, clock_timestamp());
    PERFORM FROM inventory_claim WHERE id = p_hold AND ended_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_held := ARRAY(SELECT id FROM inventory_place
                    WHERE id = ANY (p_places) AND claim_id = p_hold AND status = 'held' ORDER BY id FOR NO KEY UPDATE);
    strays := ARRAY(SELECT unnest(p_places) EXCEPT SELECT unnest(v_held) ORDER BY 1);
    IF cardinality(strays) > 0 THEN
        verdict := 'not_held';
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM inventory_due_releases(v_show, v_at) r WHERE r.place_id = ANY (p_places) AND r.opens) THEN
        verdict := 'due';
        RETURN;
    END IF;
    FOR v_part IN
        SELECT s.of, array_agg(s.id) AS ids FROM unnest(p_places, p_of) AS s (id, of) GROUP BY s.of ORDER BY s.of
    LOOP
        INSERT INTO inventory_claim (show_id, kind, channel_id, phase, session, address, contact, origin_id, reference,
                                     created_at)
            VALUES (v_show, 'sale', p_channel, '', '', '', '', p_hold, p_references[v_part.of], v_at)
            RETURNING id INTO v_sale;
        INSERT INTO inventory_movement (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at)
            VALUES (v_show, 'sell_from_hold', v_sale, p_channel, p_actor, p_reason, cardinality(v_part.ids), v_at)
            RETURNING id INTO v_act;
        IF p_note <> '' THEN
            INSERT INTO inventory_movementnote (movement_id, text) VALUES (v_act, p_note);
        END IF;
        UPDATE inventory_place SET status = 'sold', claim_id = v_sale, movement_id = v_act WHERE id = ANY (v_part.ids);
        sales := sales || v_sale;
    END LOOP;
    UPDATE inventory_claim SET ended_at = v_at
        WHERE id = p_hold AND NOT EXISTS (SELECT FROM inventory_place WHERE claim_id = p_hold);
    verdict := 'sold';
END $$;
