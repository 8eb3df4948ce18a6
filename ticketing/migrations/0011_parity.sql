-- A place costs what its tier costs, or what an exception of this very tier and channel says: nothing else is an agreed
-- price. So whatever a channel asks otherwise has its reason, its approver and its end.

CREATE FUNCTION ticketing_lines_priced() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_stray bigint;
BEGIN
    SELECT n.id INTO v_stray FROM new_lines n JOIN ticketing_order o ON o.id = n.order_id
        LEFT JOIN ticketing_price p ON p.id = n.price_id AND p.tier_id = n.tier_id
        LEFT JOIN ticketing_priceexception e
            ON e.id = n.exception_id AND e.tier_id = n.tier_id AND e.channel_id = o.channel_id
        WHERE p.id IS NULL
           OR n.paise IS DISTINCT FROM CASE WHEN n.exception_id IS NULL THEN p.paise ELSE e.paise END LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('line_costs_its_tiers_price_or_an_exceptions',
            format('line %s costs neither what its tier costs nor what an exception of its channel says', v_stray));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER line_costs_its_tiers_price_or_an_exceptions AFTER INSERT ON ticketing_orderline
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ticketing_lines_priced();
