-- What is kept of papers, whatever code writes.

CREATE TRIGGER contact_erasures_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ticketing_contacterasure FOR EACH STATEMENT
    EXECUTE FUNCTION inventory_never('contact_erasures_stay', 'that a contact was erased is kept');

CREATE FUNCTION ticketing_seller_keeps_its_code() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM ticketing_documentseries WHERE seller_id = OLD.id) THEN
        PERFORM inventory_refuse('seller_keeps_its_code', format('%s has documents that begin with it', OLD.code));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seller_keeps_its_code BEFORE UPDATE OF code ON ticketing_seller FOR EACH ROW
    WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION ticketing_seller_keeps_its_code();
