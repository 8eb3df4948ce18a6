-- An order with its lines, kept as a key's answer where there is a key. `p_lines`: [place, tier, price, exception, paise,
-- net, cgst, sgst, igst, local, rate, exempt, sac] each. Verdicts: placed, answered, lock_expired, lock_has_an_order,
-- too_many_for_contact. As before, but that what a party has ordered out of a hold, whose claim has no end, counts for
-- its contact as well.

CREATE OR REPLACE FUNCTION ticketing_place_order(
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
                  WHERE c.id = o.lock_id AND c.ended_at IS NULL
                    AND (c.due_at IS NULL OR c.due_at > coalesce(p_now, clock_timestamp()))));
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
