-- A hold that an order waits for has a reference, and gives nothing back by itself.

CREATE FUNCTION inventory_step_is_of_no_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory_claim WHERE id = NEW.hold_id AND reference <> '') THEN
        PERFORM inventory_refuse('ordered_hold_has_no_ladder', format('hold %s waits for its money', NEW.hold_id));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ordered_hold_has_no_ladder BEFORE INSERT OR UPDATE OF hold_id ON inventory_releasestep
    FOR EACH ROW WHEN (NEW.hold_id IS NOT NULL) EXECUTE FUNCTION inventory_step_is_of_no_order();
