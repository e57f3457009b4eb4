-- The compiled rows of a work for one seller, use and territory, as of now or opening later.
SELECT
    lower(clearance.valid) AS from_at, upper(clearance.valid) AS until_at, clearance.delay_minutes
FROM rights_work AS work
JOIN rights_clearance AS clearance ON clearance.property_set_id = work.property_set_id
WHERE work.id = %(work)s AND clearance.seller_id = %(seller)s
    AND get_bit(clearance.mask, %(bit)s::int) = 1
    AND get_bit(clearance.uses, %(use)s::int) = 1
    AND (upper(clearance.valid) IS NULL OR upper(clearance.valid) > %(now)s::timestamptz)
ORDER BY lower(clearance.valid) NULLS FIRST
