-- Ends open holds whose time is over and frees their units, oldest first, at most `holds_max` (of some variants, when given).
WITH due AS MATERIALIZED (
    SELECT id, variant_id, location_id
    FROM stock_hold
    WHERE ended_as IS NULL AND expires_at <= %(now)s
        AND (%(variants)s::uuid[] IS NULL OR variant_id = ANY(%(variants)s::uuid[]))
    ORDER BY expires_at
    LIMIT %(holds_max)s
), locked AS MATERIALIZED (
    SELECT variant_id, location_id
    FROM stock_level
    WHERE (variant_id, location_id) IN (SELECT variant_id, location_id FROM due)
    ORDER BY variant_id, location_id
    FOR UPDATE
), closed AS (
    UPDATE stock_hold AS hold SET ended_as = 'expired'
    WHERE hold.id = ANY(ARRAY(SELECT due.id FROM due JOIN locked USING (variant_id, location_id)))
        AND hold.ended_as IS NULL
    RETURNING hold.id, hold.variant_id, hold.location_id, hold.units
), ended AS (
    INSERT INTO stock_hold_end (hold_id, kind, at) SELECT id, 'expired', %(now)s FROM closed
), lowered AS (
    UPDATE stock_level AS level SET held = level.held - freed.units
    FROM (
        SELECT variant_id, location_id, sum(units)::int AS units
        FROM closed GROUP BY variant_id, location_id
    ) AS freed
    WHERE level.variant_id = freed.variant_id AND level.location_id = freed.location_id
)
SELECT count(*)::int AS holds FROM closed
