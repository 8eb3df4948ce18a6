-- Places and tickets of an order whose money is certain, as before, but that an order may stand over a hold: then its
-- places are sold out of that. 'lock_over' where the lock or the hold is no longer live, 'show_cancelled' where there is
-- nothing to be let in to: nothing was changed then.

CREATE OR REPLACE FUNCTION ticketing_issue(p_order bigint, p_sale bigint, p_actor text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_order ticketing_order;
    v_sale bigint := p_sale;
    v_at timestamptz := coalesce(p_now, clock_timestamp());
BEGIN
    SELECT * INTO v_order FROM ticketing_order WHERE id = p_order;
    IF v_sale IS NULL THEN
        IF EXISTS (SELECT FROM inventory_show WHERE id = v_order.show_id AND state = 'cancelled') THEN
            RETURN 'show_cancelled';
        END IF;
        v_sale := ticketing_sell_places(v_order, p_actor, p_now);
        IF v_sale IS NULL THEN
            RETURN 'lock_over';
        END IF;
    END IF;
    UPDATE ticketing_order SET state = 'confirmed', sale_id = v_sale, confirmed_at = v_at, ended_at = NULL, reason_code = '',
                               is_late = p_sale IS NOT NULL, is_document_due = total_paise > 0
        WHERE id = p_order;
    INSERT INTO ticketing_ticket (order_id, line_id, show_id, place_id, sale_id, serial, issued_at, void_reason)
        SELECT p_order, l.id, v_order.show_id, l.place_id, v_sale, 1, v_at, ''
        FROM ticketing_orderline l WHERE l.order_id = p_order ORDER BY l.id;
    INSERT INTO ticketing_letter (order_id, kind, about, due_at, tries, error)
        SELECT p_order, 'tickets', 0, v_at, 0, '' FROM ticketing_ordercontact c
        WHERE c.order_id = p_order AND c.contact <> ''
        ON CONFLICT DO NOTHING;
    RETURN 'confirmed';
END $$;

CREATE FUNCTION ticketing_sell_places(p_order ticketing_order, p_actor text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_reference text := 'order:' || p_order.id;
    v_places bigint[];
BEGIN
    IF (SELECT kind FROM inventory_claim WHERE id = p_order.lock_id) <> 'hold' THEN
        RETURN inventory_commit_lock(p_order.lock_id, v_reference, p_actor, p_order.channel_id, '', '', p_now);
    END IF;
    v_places := ARRAY(SELECT place_id FROM ticketing_orderline WHERE order_id = p_order.id ORDER BY place_id);
    RETURN (SELECT s.sales[1] FROM inventory_sell_from_hold(
        p_order.lock_id, v_places, array_fill(1, ARRAY[cardinality(v_places)]), ARRAY[v_reference], p_order.channel_id,
        p_actor, '', '', p_now) s WHERE s.verdict = 'sold');
END $$;

