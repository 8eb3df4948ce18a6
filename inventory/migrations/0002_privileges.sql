-- What the program's own role may not do, on top of owning nothing. {program} is that role.

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON inventory_entry FROM {program};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON inventory_movement FROM {program};
GRANT INSERT (show_id, verb, claim_id, channel_id, actor, reason_code, quantity, at) ON inventory_movement TO {program};
REVOKE TRUNCATE ON inventory_place, inventory_claim FROM {program};

-- A SECURITY DEFINER trigger function, hung on a table of one's own, would write entries for whoever hung it there.
REVOKE EXECUTE ON FUNCTION inventory_place_inserted(), inventory_place_updated(), inventory_claim_ended() FROM PUBLIC;
