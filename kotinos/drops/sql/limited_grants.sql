-- Grants with a quota in any chain that lets a seller sell or ship some works at some time of a period.
SELECT DISTINCT work.id AS work_id, limited.number
FROM rights_work AS work
JOIN rights_clearance AS clearance
    ON clearance.property_set_id = work.property_set_id
    AND clearance.seller_id = %(seller)s
    AND clearance.valid && tstzrange(%(opens_at)s, %(closes_at)s)
JOIN rights_grant AS limited
    ON limited.id = ANY(clearance.chain) AND limited.quota_units IS NOT NULL
WHERE work.id = ANY(%(works)s::uuid[])
    AND (
        get_bit(clearance.uses, %(sell)s::int) = 1 OR get_bit(clearance.uses, %(ship)s::int) = 1
    )
ORDER BY work.id, limited.number
