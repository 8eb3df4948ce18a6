-- A ticket may be for another place than its line's, after a swap: of the same tier, and following a void one of the line.

CREATE OR REPLACE FUNCTION ticketing_ticket_issued() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_stray bigint;
BEGIN
    SELECT n.place_id INTO v_stray FROM new_tickets n
        LEFT JOIN inventory_place p ON p.id = n.place_id AND p.show_id = n.show_id
        LEFT JOIN ticketing_orderline l ON l.id = n.line_id
        WHERE p.status IS DISTINCT FROM 'sold' OR p.claim_id <> n.sale_id
           OR l.order_id IS DISTINCT FROM n.order_id OR (n.serial = 1 AND l.place_id <> n.place_id) LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('ticket_is_of_a_sold_place',
            format('place %s is not sold under the sale that the ticket names', v_stray));
    END IF;
    -- A line whose seat was changed: its ticket of before is void, and the new seat is of the tier that was paid for.
    SELECT n.place_id INTO v_stray FROM new_tickets n
        JOIN inventory_place p ON p.id = n.place_id JOIN ticketing_orderline l ON l.id = n.line_id
        WHERE n.serial > 1 AND (p.tier_id <> l.tier_id OR NOT EXISTS (
            SELECT FROM ticketing_ticket t
            WHERE t.line_id = n.line_id AND t.order_id = n.order_id AND t.serial = n.serial - 1
              AND t.voided_at IS NOT NULL)) LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('reseated_ticket_follows_a_void_one',
            format('place %s is of another tier, or the ticket before is not void', v_stray));
    END IF;
    SELECT n.order_id INTO v_stray FROM new_tickets n JOIN ticketing_order o ON o.id = n.order_id
        WHERE o.state <> 'confirmed' LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('ticket_is_of_a_confirmed_order', format('order %s is not confirmed', v_stray));
    END IF;
    RETURN NULL;
END $$;
