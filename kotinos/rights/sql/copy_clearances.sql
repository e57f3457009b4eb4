-- Compiled answers stream in, thousands a second, instead of one statement a row.
COPY rights_clearance (property_set_id, seller_id, uses, valid, mask, delay_minutes, chain, law)
FROM STDIN
