-- Programmes that the licensee of one of their editions may show now, on demand and without delay, in one territory.
SELECT DISTINCT programme.id
FROM channel_programme AS programme
JOIN rights_work AS work ON work.id = programme.id
JOIN channel_edition AS edition ON edition.code = ANY(programme.editions)
JOIN rights_clearance AS clearance
    ON clearance.property_set_id = work.property_set_id
    AND clearance.seller_id = edition.licensee_id
WHERE clearance.valid @> %(now)s::timestamptz
    AND get_bit(clearance.mask, %(bit)s::int) = 1
    AND get_bit(clearance.uses, %(use)s::int) = 1
    AND (
        clearance.delay_minutes = 0
        OR programme.occurred_at + make_interval(mins => clearance.delay_minutes)
            <= %(now)s::timestamptz
    )
