-- What every buyer's way goes through, each in one call: plans are kept for the session, and one statement is one
-- transaction. Verdicts are turned into refusals by ticketing/services.

-- A lock with everything that decides what its places cost: as JSON, NULL where there is no such lock. Prices, exceptions
-- and tax bands are those of the second in which it was made.

CREATE FUNCTION ticketing_quote(p_lock bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    v_lock record;
    v_on date;
BEGIN
    SELECT c.*, s.slug, s.title, v.state_code AS venue_state, ch.code AS channel,
           c.ended_at IS NOT NULL OR c.due_at <= clock_timestamp() AS is_over,
           (SELECT m.actor FROM inventory_movement m WHERE m.claim_id = c.id AND m.verb = 'lock_places') AS made_by,
           (SELECT o.id FROM ticketing_order o WHERE o.lock_id = c.id) AS order_id
        INTO v_lock
        FROM inventory_claim c JOIN inventory_show s ON s.id = c.show_id JOIN inventory_venue v ON v.id = s.venue_id
        JOIN inventory_channel ch ON ch.id = c.channel_id
        WHERE c.id = p_lock AND c.kind = 'lock';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_on := (v_lock.created_at AT TIME ZONE 'Asia/Kolkata')::date;
    RETURN jsonb_build_object(
        'lock_id', v_lock.id, 'show_id', v_lock.show_id, 'show', v_lock.slug, 'channel_id', v_lock.channel_id,
        'channel', v_lock.channel, 'phase', v_lock.phase, 'session', v_lock.session, 'made_by', v_lock.made_by,
        'locked_at', v_lock.created_at, 'expires_at', v_lock.expires_at, 'hard_until', v_lock.hard_until,
        'is_over', v_lock.is_over, 'order_id', v_lock.order_id, 'now', clock_timestamp(),
        'terms', ticketing_taxed(v_lock.show_id, v_on),
        'places', (
            SELECT jsonb_agg(jsonb_build_array(p.id, n.code, p."row", p.number, t.code, p.tier_id) ORDER BY p.rank, p.id)
            FROM inventory_place p JOIN inventory_section n ON n.id = p.section_id JOIN inventory_tier t ON t.id = p.tier_id
            WHERE p.claim_id = p_lock),
        'prices', (
            SELECT jsonb_object_agg(d.tier_id, ticketing_price_at(d.tier_id, v_lock.channel_id, v_lock.created_at))
            FROM (SELECT DISTINCT p.tier_id FROM inventory_place p WHERE p.claim_id = p_lock) d));
END $$;

-- What a tier costs on a channel at a moment: [price, its paise, exception, paise to pay, reading, reason]. NULL where
-- it has no price yet.

CREATE FUNCTION ticketing_price_at(p_tier bigint, p_channel bigint, p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    v_price ticketing_price;
    v_other ticketing_priceexception;
BEGIN
    SELECT * INTO v_price FROM ticketing_price
        WHERE tier_id = p_tier AND from_at <= p_at ORDER BY from_at DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_other FROM ticketing_priceexception
        WHERE tier_id = p_tier AND channel_id = p_channel AND begins_at <= p_at AND ends_at > p_at
        ORDER BY begins_at DESC, id DESC LIMIT 1;
    RETURN jsonb_build_array(v_price.id, v_price.paise, v_other.id, coalesce(v_other.paise, v_price.paise),
                             coalesce(v_other.reading, v_price.reading), coalesce(v_other.reason_code, ''));
END $$;

-- How a show is taxed on a day; NULL where it has no terms.

CREATE FUNCTION ticketing_taxed(p_show bigint, p_on date) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'gst_status', e.gst_status, 'seller_state', e.state_code, 'venue_state', v.state_code, 'sac', c.sac,
        'tickets_per_contact', t.tickets_per_contact, 'pay_for_s', t.pay_for_s,
        'local_rate_bp', coalesce((
            SELECT r.rate_bp FROM ticketing_localtaxrate r
            WHERE r.tax_id = t.local_tax_id AND r.from_on <= p_on ORDER BY r.from_on DESC LIMIT 1), 0),
        'bands', (
            SELECT jsonb_agg(jsonb_build_array(b.up_to_paise, b.rate_bp, b.basis, b.is_exempt)
                             ORDER BY b.up_to_paise NULLS LAST)
            FROM ticketing_taxband b WHERE b.category_id = t.category_id AND b.from_on = (
                SELECT max(from_on) FROM ticketing_taxband WHERE category_id = t.category_id AND from_on <= p_on)))
    FROM ticketing_terms t JOIN ticketing_seller e ON e.id = t.seller_id JOIN ticketing_eventcategory c ON c.id = t.category_id
    JOIN inventory_show s ON s.id = t.show_id JOIN inventory_venue v ON v.id = s.venue_id
    WHERE t.show_id = p_show);
END $$;

-- An order with its lines, kept as a key's answer where there is a key. `p_lines`: [place, tier, price, exception, paise,
-- net, cgst, sgst, igst, local, rate, exempt, sac] each. Verdicts: placed, answered, lock_expired, lock_has_an_order,
-- too_many_for_contact.

CREATE FUNCTION ticketing_place_order(
    p_scope text, p_key text, p_request text, p_answer jsonb,
    p_order bigint, p_show bigint, p_channel bigint, p_lock bigint, p_total bigint, p_buyer text, p_actor text,
    p_contact text, p_name text, p_contact_digest text, p_per_contact integer, p_lines jsonb, p_placed_at timestamptz,
    p_now timestamptz,
    OUT verdict text, OUT facts jsonb, OUT earlier_request text, OUT earlier_status integer, OUT earlier_answer jsonb
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_quantity integer := jsonb_array_length(p_lines);
    v_has integer;
BEGIN
    IF p_key IS NOT NULL THEN
        SELECT k.request, k.status, k.answer INTO earlier_request, earlier_status, earlier_answer
            FROM core_keptanswer k WHERE k.scope = p_scope AND k.key = p_key;
        IF FOUND THEN verdict := 'answered'; RETURN; END IF;
    END IF;
    PERFORM FROM inventory_claim
        WHERE id = p_lock AND kind = 'lock' AND ended_at IS NULL AND due_at > coalesce(p_now, clock_timestamp());
    IF NOT FOUND THEN
        verdict := CASE WHEN EXISTS (SELECT FROM inventory_claim WHERE origin_id = p_lock) THEN 'lock_committed'
                        ELSE 'lock_expired' END;
        RETURN;
    END IF;
    IF p_contact_digest <> '' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('contact ' || p_contact_digest, p_show));
        SELECT coalesce(sum(CASE o.state WHEN 'confirmed' THEN (
                   SELECT count(*) FROM ticketing_ticket t WHERE t.order_id = o.id AND t.voided_at IS NULL)
                   ELSE o.quantity END), 0) INTO v_has
            FROM ticketing_order o
            WHERE o.show_id = p_show AND o.contact_digest = p_contact_digest
              AND (o.state IN ('confirmed', 'in_review') OR o.state = 'awaiting_payment' AND EXISTS (
                  SELECT FROM inventory_claim c
                  WHERE c.id = o.lock_id AND c.ended_at IS NULL AND c.due_at > coalesce(p_now, clock_timestamp())));
        IF v_has + v_quantity > p_per_contact THEN
            verdict := 'too_many_for_contact';
            facts := jsonb_build_object('asked', v_quantity, 'has', v_has, 'most', p_per_contact);
            RETURN;
        END IF;
    END IF;
    INSERT INTO ticketing_order (id, show_id, channel_id, lock_id, state, total_paise, returned_paise, quantity, buyer, actor,
                                 contact_digest, is_late, reason_code, placed_at, is_document_due)
        VALUES (p_order, p_show, p_channel, p_lock, 'awaiting_payment', p_total, 0, v_quantity, p_buyer, p_actor,
                p_contact_digest, false, '', p_placed_at, false)
        ON CONFLICT (lock_id) DO NOTHING;
    IF NOT FOUND THEN verdict := 'lock_has_an_order'; RETURN; END IF;
    INSERT INTO ticketing_orderline (order_id, place_id, tier_id, price_id, exception_id, paise, net_paise, cgst_paise,
                                     sgst_paise, igst_paise, local_tax_paise, rate_bp, is_exempt, sac)
        SELECT p_order, (l ->> 0)::bigint, (l ->> 1)::bigint, (l ->> 2)::bigint, (l ->> 3)::bigint, (l ->> 4)::bigint,
               (l ->> 5)::bigint, (l ->> 6)::bigint, (l ->> 7)::bigint, (l ->> 8)::bigint, (l ->> 9)::bigint,
               (l ->> 10)::integer, (l ->> 11)::boolean, l ->> 12
        FROM jsonb_array_elements(p_lines) l;
    IF p_contact <> '' THEN
        INSERT INTO ticketing_ordercontact (order_id, contact, name) VALUES (p_order, p_contact, p_name);
    END IF;
    IF p_key IS NOT NULL THEN
        INSERT INTO core_keptanswer (scope, key, request, status, answer, at)
            VALUES (p_scope, p_key, p_request, 201, p_answer, clock_timestamp());
    END IF;
    verdict := 'placed';
END $$;

-- An attempt to pay through the gateway, before the gateway is asked: the row that a lost answer is found by. Verdicts:
-- new (ask the gateway), unanswered (it was asked, and what it said is not written down: look first), open (it was opened
-- already: the row tells), other_open (close that one first), checking (its time is over and its money may be on the way),
-- too_many, too_late, lock_expired, show_cancelled, and as order_… why the order cannot be paid.

CREATE FUNCTION ticketing_open_payment(
    p_order bigint, p_way text, p_gateway text, p_pay_for_s integer, p_most integer, p_actor text, p_now timestamptz,
    OUT verdict text, OUT payment_id bigint, OUT receipt text, OUT amount_paise bigint, OUT closes_at timestamptz,
    OUT at timestamptz
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_order ticketing_order;
    v_open ticketing_payment;
    v_until timestamptz;
BEGIN
    SELECT * INTO v_order FROM ticketing_order WHERE id = p_order FOR NO KEY UPDATE;
    IF NOT FOUND THEN verdict := 'order_unknown'; RETURN; END IF;
    at := coalesce(p_now, clock_timestamp());
    IF v_order.state <> 'awaiting_payment' THEN verdict := 'order_' || v_order.state; RETURN; END IF;
    SELECT * INTO v_open FROM ticketing_payment p
        WHERE p.order_id = p_order AND p.tender = 'gateway' AND p.state IN ('new', 'pending');
    IF FOUND THEN
        payment_id := v_open.id; receipt := v_open.receipt; amount_paise := v_open.amount_paise;
        closes_at := v_open.closes_at;
        verdict := CASE WHEN v_open.closes_at <= ticketing_open_payment.at THEN 'checking'
                        WHEN v_open.way <> p_way THEN 'other_open'
                        WHEN v_open.state = 'new' THEN 'unanswered' ELSE 'open' END;
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM ticketing_payment p WHERE p.order_id = p_order AND p.state = 'authorized') THEN
        verdict := 'checking'; RETURN;
    END IF;
    IF (SELECT count(*) FROM ticketing_payment p WHERE p.order_id = p_order) >= p_most THEN
        verdict := 'too_many'; RETURN;
    END IF;
    IF EXISTS (SELECT FROM inventory_show s WHERE s.id = v_order.show_id AND s.state = 'cancelled') THEN
        verdict := 'show_cancelled'; RETURN;
    END IF;
    -- What came short already counts towards what is due.
    amount_paise := v_order.total_paise - (
        SELECT coalesce(sum(p.received_paise - p.refunding_paise), 0) FROM ticketing_payment p
        WHERE p.order_id = p_order AND p.state = 'captured' AND p.aside_as = 'short');
    SELECT c.hard_until INTO v_until FROM inventory_claim c
        WHERE c.id = v_order.lock_id AND c.ended_at IS NULL AND c.due_at > ticketing_open_payment.at;
    IF NOT FOUND THEN verdict := 'lock_expired'; RETURN; END IF;
    closes_at := least(ticketing_open_payment.at + make_interval(secs => p_pay_for_s), v_until - interval '15 seconds');
    -- A code lives two minutes at least.
    IF closes_at < ticketing_open_payment.at + interval '120 seconds' THEN verdict := 'too_late'; RETURN; END IF;
    IF NOT inventory_begin_payment(v_order.lock_id, p_actor, v_order.channel_id, p_now) THEN
        verdict := 'lock_expired'; RETURN;
    END IF;
    receipt := 'HF-' || p_order || '-' || left(replace(gen_random_uuid()::text, '-', ''), 12);
    INSERT INTO ticketing_payment (
        order_id, tender, state, amount_paise, received_paise, allocated_paise, aside_as, refunding_paise, receipt, gateway,
        way, qr_id, gateway_order_id, gateway_payment_id, link, closes_at, method, payer, bank_reference, reference,
        failure, actor, created_at, looks, next_look_at)
        VALUES (p_order, 'gateway', 'new', amount_paise, 0, 0, '', 0, receipt, p_gateway,
                p_way, '', '', '', '', closes_at, '', '', '', '',
                '', p_actor, ticketing_open_payment.at, 0, ticketing_open_payment.at + interval '20 seconds')
        RETURNING id INTO payment_id;
    verdict := 'new';
END $$;

-- Which attempt some money belongs to, with its order's row locked (the payment's own, where it has no order); as JSON,
-- NULL where no attempt is known. Found by the gateway's payment, else by its code or order, else by our receipt.
-- `short_paise` came for the order before and fell short; `has_others` where another attempt of it is still open.

CREATE FUNCTION ticketing_payment_of_money(p_gateway text, p_payment text, p_qr text, p_order text, p_receipt text)
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_id bigint;
    v_order bigint;
    v_short bigint;
    v_others boolean;
BEGIN
    SELECT f.id, f.order_id INTO v_id, v_order
        FROM ticketing_find_payment(p_gateway, p_payment, p_qr, p_order, p_receipt) f;
    IF v_id IS NULL THEN
        -- Of two who are told of the same unknown money at once, one writes it down; the other waits, and finds it.
        PERFORM pg_advisory_xact_lock(hashtextextended('money ' || p_gateway || ' ' || p_payment, 0));
        SELECT f.id, f.order_id INTO v_id, v_order
            FROM ticketing_find_payment(p_gateway, p_payment, p_qr, p_order, p_receipt) f;
    END IF;
    IF v_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_order IS NULL THEN
        PERFORM FROM ticketing_payment WHERE id = v_id FOR NO KEY UPDATE;
    ELSE
        PERFORM FROM ticketing_order WHERE id = v_order FOR NO KEY UPDATE;
    END IF;
    -- Whether this very payment had been seen before is asked again: a twin may just have written it.
    SELECT p.id INTO v_id FROM ticketing_payment p
        WHERE p.gateway = p_gateway AND p.gateway_payment_id = p_payment AND p_payment <> ''
    UNION ALL SELECT v_id LIMIT 1;
    SELECT coalesce(sum(p.received_paise - p.allocated_paise - p.refunding_paise)
                        FILTER (WHERE p.state = 'captured' AND p.aside_as = 'short'), 0),
           coalesce(bool_or(p.id <> v_id AND p.state IN ('new', 'pending')), false)
        INTO v_short, v_others FROM ticketing_payment p WHERE p.order_id = v_order;
    RETURN (SELECT jsonb_build_object(
                'payment', to_jsonb(p) || jsonb_build_object('has_others', v_others),
                'order', to_jsonb(o) || jsonb_build_object('short_paise', v_short))
            FROM ticketing_payment p LEFT JOIN ticketing_order o ON o.id = p.order_id WHERE p.id = v_id);
END $$;

CREATE FUNCTION ticketing_find_payment(
    p_gateway text, p_payment text, p_qr text, p_order text, p_receipt text, OUT id bigint, OUT order_id bigint
) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    SELECT p.id, p.order_id INTO id, order_id FROM ticketing_payment p
        WHERE p.gateway = p_gateway AND p.gateway_payment_id = p_payment AND p_payment <> '';
    IF NOT FOUND THEN
        SELECT p.id, p.order_id INTO id, order_id FROM ticketing_payment p
            WHERE p.qr_id = p_qr AND p_qr <> '' AND p.gateway = p_gateway ORDER BY p.id LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        SELECT p.id, p.order_id INTO id, order_id FROM ticketing_payment p
            WHERE p.gateway_order_id = p_order AND p_order <> '' AND p.gateway = p_gateway ORDER BY p.id LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        SELECT p.id, p.order_id INTO id, order_id FROM ticketing_payment p
            WHERE p.receipt = p_receipt AND p_receipt <> '' AND p.gateway = p_gateway;
    END IF;
END $$;
