-- The compiled answers of one property set for one seller, or for every seller where it is null.
SELECT
    c.seller_id, c.uses, lower(c.valid) AS from_at, upper(c.valid) AS until_at, c.mask,
    c.delay_minutes, c.chain, c.law
FROM rights_clearance c
WHERE c.property_set_id = %(set)s AND (%(seller)s::uuid IS NULL OR c.seller_id = %(seller)s)
ORDER BY c.seller_id, lower(c.valid) NULLS FIRST, c.id
