-- Which labels a channel may sell under at a moment: its own first, then the pool and what counts as pool. The pool is
-- everybody's; a channel that has an opening there sells it, and what counts as pool, from then on.

CREATE OR REPLACE FUNCTION inventory_sellable(p_show bigint, p_channel bigint, p_at timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT a.id FROM inventory_allocation a
        WHERE a.show_id = p_show
          AND ((a.is_pool OR a.closes_at <= p_at) AND NOT EXISTS (
              SELECT FROM inventory_allocation pool JOIN inventory_allocationchannel o ON o.allocation_id = pool.id
              WHERE pool.show_id = p_show AND pool.is_pool AND o.channel_id = p_channel AND o.opens_at > p_at)
            OR NOT a.is_pool AND EXISTS (
              SELECT FROM inventory_allocationchannel o
              WHERE o.allocation_id = a.id AND o.channel_id = p_channel AND coalesce(o.opens_at <= p_at, true)))
        ORDER BY (a.is_pool OR a.closes_at <= p_at) IS TRUE, a.id)
$$;
