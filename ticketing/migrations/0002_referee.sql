-- What PostgreSQL refuses about money and tickets, whatever code writes. As in inventory, a refusal carries the name of
-- the rule it broke as its constraint name, with errcode 23514.

-- Facts are kept: what was agreed, paid, given back, issued and numbered never changes and never goes -------------------

CREATE TRIGGER prices_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_price FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('prices_never_change', 'another price begins, an old one stays');

CREATE TRIGGER price_exceptions_stay BEFORE DELETE OR TRUNCATE ON ticketing_priceexception FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('price_exceptions_stay', 'an exception ends, it is never deleted');

CREATE TRIGGER price_exception_only_ends BEFORE UPDATE ON ticketing_priceexception FOR EACH ROW
    WHEN ((OLD.id, OLD.tier_id, OLD.channel_id, OLD.paise, OLD.reason_code, OLD.note, OLD.approver_id, OLD.begins_at,
           OLD.reading, OLD.reading_reason, OLD.actor, OLD.made_at)
        IS DISTINCT FROM (NEW.id, NEW.tier_id, NEW.channel_id, NEW.paise, NEW.reason_code, NEW.note, NEW.approver_id,
           NEW.begins_at, NEW.reading, NEW.reading_reason, NEW.actor, NEW.made_at) OR NEW.ends_at > OLD.ends_at)
    EXECUTE FUNCTION inventory_never('price_exception_only_ends', 'only its end may be brought nearer');

CREATE TRIGGER order_is_kept_as_agreed
    BEFORE UPDATE OF id, show_id, channel_id, lock_id, total_paise, quantity, buyer, actor, placed_at
    ON ticketing_order FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('order_is_kept_as_agreed', 'an order keeps its lock, its total and whose it is');

CREATE TRIGGER order_begins_unpaid BEFORE INSERT ON ticketing_order FOR EACH ROW
    WHEN (NEW.state <> 'awaiting_payment' OR NEW.confirmed_at IS NOT NULL OR NEW.sale_id IS NOT NULL OR NEW.returned_paise <> 0)
    EXECUTE FUNCTION inventory_never('order_begins_unpaid', 'an order begins without money and without a sale');

CREATE TRIGGER orders_are_never_deleted BEFORE DELETE OR TRUNCATE ON ticketing_order FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('orders_are_never_deleted', 'an order ends, it is never deleted');

CREATE TRIGGER lines_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_orderline FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('lines_never_change', 'a line stays as it was agreed');

CREATE TRIGGER payment_is_kept_as_made
    BEFORE UPDATE OF id, tender, amount_paise, receipt, gateway, actor, created_at ON ticketing_payment
    FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('payment_is_kept_as_made', 'a payment keeps what was asked for, and how');

CREATE TRIGGER payments_are_never_deleted BEFORE DELETE OR TRUNCATE ON ticketing_payment FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('payments_are_never_deleted', 'money that came is kept in the books');

CREATE TRIGGER refund_is_kept_as_asked
    BEFORE UPDATE OF id, payment_id, order_id, amount_paise, of_aside, key, reason_code, note, actor, requested_at
    ON ticketing_refund FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('refund_is_kept_as_asked', 'another try is another refund');

CREATE TRIGGER refunds_are_never_deleted BEFORE DELETE OR TRUNCATE ON ticketing_refund FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('refunds_are_never_deleted', 'a refund that failed is kept in the books');

CREATE TRIGGER ticket_is_kept_as_issued
    BEFORE UPDATE OF id, order_id, line_id, show_id, place_id, sale_id, serial, issued_at ON ticketing_ticket
    FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('ticket_is_kept_as_issued', 'another ticket is issued, an old one is void');

CREATE TRIGGER tickets_are_never_deleted BEFORE DELETE OR TRUNCATE ON ticketing_ticket FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('tickets_are_never_deleted', 'a ticket is void, it is never deleted');

CREATE TRIGGER void_ticket_stays_void BEFORE UPDATE ON ticketing_ticket FOR EACH ROW
    WHEN (OLD.voided_at IS NOT NULL AND (NEW.voided_at, NEW.void_reason) IS DISTINCT FROM (OLD.voided_at, OLD.void_reason))
    EXECUTE FUNCTION inventory_never('void_ticket_stays_void', 'a void ticket never comes alive again');

CREATE TRIGGER documents_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_document FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('documents_never_change', 'a document is corrected by another');

CREATE TRIGGER document_series_stay BEFORE DELETE OR TRUNCATE ON ticketing_documentseries FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('document_series_stay', 'numbers that were given stay given');

-- States move as they may ------------------------------------------------------------------------------------------------

CREATE FUNCTION ticketing_order_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'awaiting_payment>confirmed', 'awaiting_payment>expired', 'awaiting_payment>cancelled',
        'awaiting_payment>in_review',
        'expired>confirmed', 'expired>in_review', 'expired>cancelled',
        'in_review>confirmed', 'in_review>cancelled',
        'confirmed>cancelled'
    ]) THEN
        PERFORM inventory_refuse('order_moves_as_it_may', format('order %s: %s to %s', OLD.id, OLD.state, NEW.state));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER order_moves_as_it_may BEFORE UPDATE OF state ON ticketing_order FOR EACH ROW
    WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION ticketing_order_moves();

CREATE FUNCTION ticketing_payment_rank(state text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state WHEN 'new' THEN 0 WHEN 'pending' THEN 1 WHEN 'failed' THEN 2 WHEN 'lapsed' THEN 2
                      WHEN 'authorized' THEN 3 WHEN 'voided' THEN 4 WHEN 'captured' THEN 5 END
$$;

CREATE TRIGGER payment_only_moves_forward BEFORE UPDATE ON ticketing_payment FOR EACH ROW
    WHEN (ticketing_payment_rank(NEW.state) < ticketing_payment_rank(OLD.state)
        OR (OLD.received_paise > 0 AND NEW.received_paise <> OLD.received_paise)
        OR (OLD.gateway_payment_id <> '' AND NEW.gateway_payment_id <> OLD.gateway_payment_id)
        OR (OLD.order_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM OLD.order_id))
    EXECUTE FUNCTION inventory_never('payment_only_moves_forward', 'what came has come');

-- "Mark as paid" does not exist: money by the gateway is a payment that the gateway knows.

ALTER TABLE ticketing_payment ADD CONSTRAINT captured_gateway_money_names_its_payment
    CHECK (tender <> 'gateway' OR state <> 'captured' OR gateway_payment_id <> '');

CREATE TRIGGER refund_only_moves_forward BEFORE UPDATE OF state ON ticketing_refund FOR EACH ROW
    WHEN (OLD.state IN ('processed', 'failed') AND NEW.state <> OLD.state
        OR (OLD.state = 'submitted' AND NEW.state = 'requested'))
    EXECUTE FUNCTION inventory_never('refund_only_moves_forward', 'what is done, or has failed, stays so');

-- Refunds of a payment, added up on the payment's row: two at the same moment wait for each other there, and the check
-- constraint `refunds_stay_within_what_came` refuses the one too many. Neither part of it, what pays for the order and what
-- was set aside, gives back more than it has.

CREATE FUNCTION ticketing_refund_counted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_over boolean;
BEGIN
    PERFORM FROM ticketing_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    UPDATE ticketing_payment p SET refunding_paise = r.of_sale + r.of_aside
        FROM (SELECT coalesce(sum(amount_paise) FILTER (WHERE NOT of_aside), 0) AS of_sale,
                     coalesce(sum(amount_paise) FILTER (WHERE of_aside), 0) AS of_aside
              FROM ticketing_refund WHERE payment_id = NEW.payment_id AND state <> 'failed') r
        WHERE p.id = NEW.payment_id
        RETURNING r.of_sale > p.allocated_paise OR r.of_aside > p.received_paise - p.allocated_paise INTO v_over;
    IF v_over THEN
        PERFORM inventory_refuse('refund_stays_within_its_part',
            format('payment %s has less left of that part than would go back', NEW.payment_id));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER refund_counted AFTER INSERT OR UPDATE OF state ON ticketing_refund FOR EACH ROW
    EXECUTE FUNCTION ticketing_refund_counted();

CREATE FUNCTION ticketing_refunding_is_a_sum() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        PERFORM inventory_refuse('refunding_is_counted_by_the_trigger', format('payment %s', NEW.id));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refunding_is_counted_by_the_trigger BEFORE UPDATE OF refunding_paise ON ticketing_payment FOR EACH ROW
    WHEN (OLD.refunding_paise <> NEW.refunding_paise) EXECUTE FUNCTION ticketing_refunding_is_a_sum();

CREATE TRIGGER refunding_begins_at_nothing BEFORE INSERT ON ticketing_payment FOR EACH ROW
    WHEN (NEW.refunding_paise <> 0) EXECUTE FUNCTION ticketing_refunding_is_a_sum();

-- A ticket is for a place that is sold, under the sale it names, and of an order that is paid ------------------------------

CREATE FUNCTION ticketing_ticket_issued() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_stray bigint;
BEGIN
    SELECT n.place_id INTO v_stray FROM new_tickets n
        LEFT JOIN inventory_place p ON p.id = n.place_id AND p.show_id = n.show_id
        LEFT JOIN ticketing_orderline l ON l.id = n.line_id
        WHERE p.status IS DISTINCT FROM 'sold' OR p.claim_id <> n.sale_id
           OR l.place_id IS DISTINCT FROM n.place_id OR l.order_id <> n.order_id LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('ticket_is_of_a_sold_place',
            format('place %s is not sold under the sale that the ticket names', v_stray));
    END IF;
    SELECT n.order_id INTO v_stray FROM new_tickets n JOIN ticketing_order o ON o.id = n.order_id
        WHERE o.state <> 'confirmed' LIMIT 1;
    IF FOUND THEN
        PERFORM inventory_refuse('ticket_is_of_a_confirmed_order', format('order %s is not confirmed', v_stray));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ticket_is_of_a_sold_place AFTER INSERT ON ticketing_ticket
    REFERENCING NEW TABLE AS new_tickets FOR EACH STATEMENT EXECUTE FUNCTION ticketing_ticket_issued();

-- Nobody is let in for an order that was taken back.

CREATE FUNCTION ticketing_order_cancelled() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM ticketing_ticket WHERE order_id = NEW.id AND voided_at IS NULL) THEN
        PERFORM inventory_refuse('cancelled_order_has_no_live_ticket', format('order %s has live tickets', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER cancelled_order_has_no_live_ticket AFTER UPDATE OF state ON ticketing_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'confirmed' AND NEW.state = 'cancelled')
    EXECUTE FUNCTION ticketing_order_cancelled();

-- An order is confirmed exactly when money for all of it has come: looked at when the transaction commits -------------------

CREATE FUNCTION ticketing_order_is_paid(p_order bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_due bigint := (SELECT CASE WHEN confirmed_at IS NULL THEN 0 ELSE total_paise END
                     FROM ticketing_order WHERE id = p_order);
    v_paid bigint := (SELECT coalesce(sum(allocated_paise), 0) FROM ticketing_payment WHERE order_id = p_order);
BEGIN
    IF v_due <> v_paid THEN
        PERFORM inventory_refuse('confirmed_order_is_paid_for', format('order %s: due %s, paid %s', p_order, v_due, v_paid));
    END IF;
END $$;

CREATE FUNCTION ticketing_order_confirmed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM ticketing_order_is_paid(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION ticketing_money_allocated() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM ticketing_order_is_paid(NEW.order_id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER confirmed_order_is_paid_for AFTER UPDATE OF confirmed_at ON ticketing_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at)
    EXECUTE FUNCTION ticketing_order_confirmed();

CREATE CONSTRAINT TRIGGER allocated_money_pays_for_a_confirmed_order AFTER INSERT ON ticketing_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.allocated_paise > 0)
    EXECUTE FUNCTION ticketing_money_allocated();

CREATE CONSTRAINT TRIGGER reallocated_money_pays_for_a_confirmed_order AFTER UPDATE OF allocated_paise ON ticketing_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.allocated_paise <> NEW.allocated_paise)
    EXECUTE FUNCTION ticketing_money_allocated();

-- Numbers are given one after the other -----------------------------------------------------------------------------------

CREATE FUNCTION ticketing_document_numbered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.serial <> (SELECT last FROM ticketing_documentseries WHERE id = NEW.series_id)
        OR NEW.serial > 1 AND NOT EXISTS (
            SELECT FROM ticketing_document WHERE series_id = NEW.series_id AND serial = NEW.serial - 1) THEN
        PERFORM inventory_refuse('document_serial_follows_the_last', format('series %s, serial %s', NEW.series_id, NEW.serial));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER document_serial_follows_the_last AFTER INSERT ON ticketing_document FOR EACH ROW
    EXECUTE FUNCTION ticketing_document_numbered();

-- Places and tickets of an order whose money is certain ---------------------------------------------------------------------
-- Called with the order's row locked, its money allocated before the commit. 'lock_over' where the lock is no longer live,
-- 'show_cancelled' where there is nothing to be let in to: nothing was changed then. p_sale: the sale, where the places
-- were taken again for late money.

CREATE FUNCTION ticketing_issue(p_order bigint, p_sale bigint, p_actor text, p_now timestamptz) RETURNS text
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
        v_sale := inventory_commit_lock(
            v_order.lock_id, 'order:' || p_order, p_actor, v_order.channel_id, '', '', p_now);
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
        SELECT p_order, 'tickets', 0, v_at, 0, '' FROM ticketing_ordercontact c WHERE c.order_id = p_order
        ON CONFLICT DO NOTHING;
    RETURN 'confirmed';
END $$;

-- Vacuum early what a rush updates again and again.

ALTER TABLE ticketing_payment SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
ALTER TABLE ticketing_order SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
ALTER TABLE ticketing_gatewayevent SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
