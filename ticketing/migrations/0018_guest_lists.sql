-- What is kept of guest lists, whatever code writes. A guest's note alone may change: it is erased.

CREATE TRIGGER guest_lists_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_guestlist FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('guest_lists_stay', 'a list stays as it was issued');

CREATE TRIGGER guest_keeps_his_row BEFORE UPDATE OF id, guest_list_id, order_id, "row" ON ticketing_guest FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('guest_keeps_his_row', 'a guest stays of his list, with his order');

CREATE TRIGGER guests_stay BEFORE DELETE OR TRUNCATE ON ticketing_guest FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('guests_stay', 'a guest is forgotten, his row stays');

-- A list gives complimentary tickets, and of its own show.

CREATE FUNCTION ticketing_guests_listed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_stray bigint;
BEGIN
    SELECT n.order_id INTO v_stray FROM new_guests n JOIN ticketing_guestlist l ON l.id = n.guest_list_id
        LEFT JOIN ticketing_order o ON o.id = n.order_id AND o.show_id = l.show_id
        LEFT JOIN ticketing_complimentary c ON c.order_id = n.order_id
        WHERE o.id IS NULL OR c.order_id IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('guest_has_a_complimentary_order_of_the_show',
            format('order %s was not given, or is of another show than the list', v_stray));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER guest_has_a_complimentary_order_of_the_show AFTER INSERT ON ticketing_guest
    REFERENCING NEW TABLE AS new_guests FOR EACH STATEMENT EXECUTE FUNCTION ticketing_guests_listed();
