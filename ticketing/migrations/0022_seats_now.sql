-- What doors tell of an order names the seats that its buyer sits on: after a change of seats, the ones of the latest tickets.

CREATE OR REPLACE FUNCTION ticketing_order_told(p_order bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'id', o.id, 'show_id', o.show_id, 'show', s.slug, 'title', s.title, 'starts_at', s.starts_at,
        'channel_id', o.channel_id, 'channel', ch.code, 'state', o.state, 'is_late', o.is_late,
        'reason_code', o.reason_code, 'total_paise', o.total_paise, 'returned_paise', o.returned_paise,
        'quantity', o.quantity, 'placed_at', o.placed_at, 'confirmed_at', o.confirmed_at, 'ended_at', o.ended_at,
        'buyer', o.buyer, 'actor', o.actor, 'lock_id', o.lock_id, 'pay_for_s', t.pay_for_s,
        'buyers_cancel_until_h', t.buyers_cancel_until_h,
        'lock_is_over', c.ended_at IS NOT NULL OR c.due_at <= clock_timestamp(), 'due_at', c.due_at,
        'hard_until', c.hard_until, 'now', clock_timestamp(),
        'lines', (
            SELECT jsonb_agg(jsonb_build_array(
                       p.id, n.code, p."row", p.number, r.code, l.paise, pr.paise, coalesce(x.reason_code, ''),
                       l.net_paise, l.cgst_paise, l.sgst_paise, l.igst_paise, l.local_tax_paise, l.rate_bp, l.is_exempt)
                   ORDER BY l.id)
            FROM ticketing_orderline l JOIN inventory_place p ON p.id = coalesce((
                SELECT t.place_id FROM ticketing_ticket t WHERE t.order_id = o.id AND t.line_id = l.id AND t.serial > 1
                ORDER BY t.id DESC LIMIT 1), l.place_id)
            JOIN inventory_section n ON n.id = p.section_id JOIN inventory_tier r ON r.id = l.tier_id
            JOIN ticketing_price pr ON pr.id = l.price_id LEFT JOIN ticketing_priceexception x ON x.id = l.exception_id
            WHERE l.order_id = o.id),
        'payment', (
            SELECT ticketing_payment_told(p) FROM ticketing_payment p WHERE p.order_id = o.id
            ORDER BY p.allocated_paise > 0 DESC, p.state IN ('new', 'pending', 'authorized') DESC, p.id DESC LIMIT 1),
        'refunded_paise', (
            SELECT coalesce(sum(f.amount_paise), 0) FROM ticketing_refund f WHERE f.order_id = o.id AND f.state <> 'failed'))
    FROM ticketing_order o JOIN inventory_show s ON s.id = o.show_id JOIN inventory_channel ch ON ch.id = o.channel_id
    JOIN inventory_claim c ON c.id = o.lock_id LEFT JOIN ticketing_terms t ON t.show_id = o.show_id
    WHERE o.id = p_order);
END $$;
