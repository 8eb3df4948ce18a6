-- The two steps on every buyer's way that would otherwise take several calls.

-- Start a payment of one's own order: the earlier answer where the key has one, `unknown` where the order is somebody
-- else's, else what `ticketing_open_payment` says.

CREATE FUNCTION ticketing_start_payment(
    p_order bigint, p_buyer text, p_channel text, p_scope text, p_key text, p_way text, p_gateway text, p_most integer,
    p_pay_for_s integer, p_actor text, p_now timestamptz,
    OUT verdict text, OUT payment_id bigint, OUT receipt text, OUT amount_paise bigint, OUT closes_at timestamptz,
    OUT at timestamptz, OUT about text, OUT earlier_request text, OUT earlier_status integer,
    OUT earlier_answer jsonb
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_whose record;
    v_opened record;
BEGIN
    IF p_key IS NOT NULL THEN
        SELECT k.request, k.status, k.answer INTO earlier_request, earlier_status, earlier_answer
            FROM core_keptanswer k WHERE k.scope = p_scope AND k.key = p_key;
        IF FOUND THEN verdict := 'answered'; RETURN; END IF;
    END IF;
    SELECT o.buyer, c.code, s.title, t.pay_for_s INTO v_whose
        FROM ticketing_order o JOIN inventory_channel c ON c.id = o.channel_id JOIN inventory_show s ON s.id = o.show_id
        LEFT JOIN ticketing_terms t ON t.show_id = o.show_id WHERE o.id = p_order;
    IF NOT FOUND OR v_whose.buyer <> coalesce(p_buyer, v_whose.buyer)
        OR v_whose.code <> coalesce(p_channel, v_whose.code) THEN
        verdict := 'unknown'; RETURN;
    END IF;
    SELECT * INTO v_opened FROM ticketing_open_payment(
        p_order, p_way, p_gateway, coalesce(p_pay_for_s, v_whose.pay_for_s, 360), p_most, p_actor, p_now);
    verdict := v_opened.verdict;
    payment_id := v_opened.payment_id;
    receipt := v_opened.receipt;
    amount_paise := v_opened.amount_paise;
    closes_at := v_opened.closes_at;
    at := v_opened.at;
    about := v_whose.title;
END $$;

-- The straight way of money: captured, all of it and nothing else, for an order that waits for it and whose lock is live. Then the
-- payment, the sale, the order and its tickets are one call. NULL for everything else, and nothing was changed then: the
-- state machine in ticketing/services/settling.py decides about it.

CREATE FUNCTION ticketing_take_what_is_due(
    p_gateway text, p_payment text, p_qr text, p_order text, p_receipt text, p_paise bigint, p_method text, p_payer text,
    p_bank_reference text, p_fee bigint, p_fee_tax bigint, p_actor text, p_now timestamptz
) RETURNS bigint[] LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_told jsonb := ticketing_payment_of_money(p_gateway, p_payment, p_qr, p_order, p_receipt);
    v_id bigint := (v_told -> 'payment' ->> 'id')::bigint;
    v_order bigint := (v_told -> 'order' ->> 'id')::bigint;
BEGIN
    IF v_order IS NULL OR v_told -> 'order' ->> 'state' <> 'awaiting_payment'
        OR v_told -> 'payment' ->> 'state' NOT IN ('new', 'pending', 'failed', 'lapsed', 'authorized')
        OR v_told -> 'payment' ->> 'gateway_payment_id' NOT IN ('', p_payment)
        OR (v_told -> 'payment' ->> 'has_others')::boolean OR (v_told -> 'order' ->> 'short_paise')::bigint <> 0
        OR (v_told -> 'order' ->> 'total_paise')::bigint <> p_paise
        OR ticketing_issue(v_order, NULL, p_actor, p_now) <> 'confirmed' THEN
        RETURN NULL;
    END IF;
    UPDATE ticketing_payment SET state = 'captured', received_paise = p_paise, allocated_paise = p_paise,
           gateway_payment_id = p_payment, method = p_method, payer = p_payer, bank_reference = p_bank_reference,
           qr_id = coalesce(nullif(qr_id, ''), p_qr), fee_paise = p_fee, fee_tax_paise = p_fee_tax, captured_at = coalesce(p_now, clock_timestamp()),
           next_look_at = NULL
        WHERE id = v_id;
    RETURN ARRAY[v_id, v_order];
END $$;
