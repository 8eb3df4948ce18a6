-- A place costs what its tier costs, or what an exception says, or nothing: and nothing only where the order says to whom
-- it was given and why.

CREATE OR REPLACE FUNCTION ticketing_lines_priced() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_stray bigint;
BEGIN
    SELECT n.id INTO v_stray FROM new_lines n JOIN ticketing_order o ON o.id = n.order_id
        LEFT JOIN ticketing_price p ON p.id = n.price_id AND p.tier_id = n.tier_id
        LEFT JOIN ticketing_priceexception e
            ON e.id = n.exception_id AND e.tier_id = n.tier_id AND e.channel_id = o.channel_id
        LEFT JOIN ticketing_complimentary c ON c.order_id = n.order_id
        WHERE p.id IS NULL
           OR n.paise IS DISTINCT FROM CASE WHEN c.order_id IS NOT NULL THEN 0
                                            WHEN n.exception_id IS NULL THEN p.paise ELSE e.paise END LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('line_costs_its_tiers_price_or_an_exceptions',
            format('line %s costs neither what its tier costs nor what an exception of its channel says', v_stray));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER complimentary_is_kept_as_given BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_complimentary
    FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('complimentary_is_kept_as_given', 'to whom and why stays as it was given');

-- It is said before there is a line: an order that was agreed at a price is not made free afterwards.

CREATE FUNCTION ticketing_complimentary_given() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM ticketing_order WHERE id = NEW.order_id AND total_paise <> 0)
        OR EXISTS (SELECT FROM ticketing_orderline WHERE order_id = NEW.order_id) THEN
        PERFORM inventory_refuse('complimentary_order_costs_nothing', format('order %s has its price', NEW.order_id));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER complimentary_order_costs_nothing BEFORE INSERT ON ticketing_complimentary FOR EACH ROW
    EXECUTE FUNCTION ticketing_complimentary_given();

-- Orders that cost nothing, with their tickets, for places that were sold out of a hold just now, in this transaction.
-- p_gifts: {order_id, sale_id, recipient, name, contact, digest, quantity, after_s} each; p_lines: {order_id, place_id,
-- tier_id, price_id} each. A letter goes out to an address, after_s seconds from now.

CREATE FUNCTION ticketing_gifts(p_gifts jsonb) RETURNS TABLE (
    order_id bigint, sale_id bigint, recipient text, name text, contact text, digest text, quantity integer, after_s integer
) LANGUAGE sql IMMUTABLE AS $$
    SELECT * FROM jsonb_to_recordset(p_gifts) AS g (order_id bigint, sale_id bigint, recipient text, name text,
        contact text, digest text, quantity integer, after_s integer)
$$;

CREATE FUNCTION ticketing_give(
    p_show bigint, p_channel bigint, p_buyer text, p_actor text, p_reason text, p_sac text, p_gifts jsonb, p_lines jsonb,
    p_now timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := coalesce(p_now, clock_timestamp());
BEGIN
    INSERT INTO ticketing_order (id, show_id, channel_id, lock_id, state, total_paise, returned_paise, quantity, buyer, actor,
                                 contact_digest, is_late, reason_code, placed_at, is_document_due)
        SELECT order_id, p_show, p_channel, sale_id, 'awaiting_payment', 0, 0, quantity, p_buyer, p_actor,
               digest, false, '', v_at, false FROM ticketing_gifts(p_gifts) ORDER BY order_id;
    INSERT INTO ticketing_complimentary (order_id, recipient, reason_code)
        SELECT order_id, recipient, p_reason FROM ticketing_gifts(p_gifts);
    INSERT INTO ticketing_orderline (order_id, place_id, tier_id, price_id, paise, net_paise, cgst_paise, sgst_paise,
                                     igst_paise, local_tax_paise, rate_bp, is_exempt, sac)
        SELECT order_id, place_id, tier_id, price_id, 0, 0, 0, 0, 0, 0, 0, false, p_sac
        FROM jsonb_to_recordset(p_lines) AS l (order_id bigint, place_id bigint, tier_id bigint, price_id bigint)
        ORDER BY order_id, place_id;
    INSERT INTO ticketing_ordercontact (order_id, contact, name)
        SELECT order_id, contact, name FROM ticketing_gifts(p_gifts) WHERE contact <> '' OR name <> '';
    INSERT INTO ticketing_payment (
        order_id, tender, state, amount_paise, received_paise, allocated_paise, aside_as, refunding_paise, receipt, gateway,
        way, qr_id, gateway_order_id, gateway_payment_id, link, method, payer, bank_reference, reference,
        failure, actor, created_at, captured_at, looks)
        SELECT order_id, 'complimentary', 'captured', 0, 0, 0, '', 0,
               'HF-' || order_id || '-' || left(replace(gen_random_uuid()::text, '-', ''), 12), '',
               '', '', '', '', '', '', '', '', '', '', p_actor, v_at, v_at, 0
        FROM ticketing_gifts(p_gifts) ORDER BY order_id;
    UPDATE ticketing_order o SET state = 'confirmed', sale_id = g.sale_id, confirmed_at = v_at
        FROM ticketing_gifts(p_gifts) g WHERE o.id = g.order_id;
    INSERT INTO ticketing_ticket (order_id, line_id, show_id, place_id, sale_id, serial, issued_at, void_reason)
        SELECT g.order_id, l.id, p_show, l.place_id, g.sale_id, 1, v_at, ''
        FROM ticketing_gifts(p_gifts) g JOIN ticketing_orderline l ON l.order_id = g.order_id ORDER BY l.id;
    INSERT INTO ticketing_letter (order_id, kind, about, due_at, tries, error)
        SELECT order_id, 'tickets', 0, v_at + make_interval(secs => after_s), 0, '' FROM ticketing_gifts(p_gifts)
        WHERE contact LIKE '%@%' ORDER BY order_id;
END $$;
