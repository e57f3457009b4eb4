-- Sets units on hand to what was counted, each key once, never below what is held; the ledger gets the difference.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(key)s::uuid[], %(variant_id)s::uuid[], %(location_id)s::uuid[],
        %(units)s::int[], %(at)s::timestamptz[]
    ) WITH ORDINALITY AS t (key, variant_id, location_id, units, at, position)
), fresh AS MATERIALIZED (
    SELECT DISTINCT ON (variant_id, location_id) asked.*
    FROM asked
    WHERE NOT EXISTS (
        SELECT 1 FROM stock_movement AS movement
        WHERE movement.key = asked.key AND movement.variant_id = asked.variant_id
            AND movement.location_id = asked.location_id
    )
    ORDER BY variant_id, location_id, position DESC
), locked AS MATERIALIZED (
    SELECT variant_id, location_id, on_hand, held
    FROM stock_level
    WHERE (variant_id, location_id) IN (SELECT variant_id, location_id FROM fresh)
    ORDER BY variant_id, location_id
    FOR UPDATE
), change AS MATERIALIZED (
    SELECT
        fresh.*,
        greatest(fresh.units, coalesce(locked.held, 0)) - coalesce(locked.on_hand, 0) AS delta
    FROM fresh LEFT JOIN locked USING (variant_id, location_id)
), moved AS (
    INSERT INTO stock_movement (key, variant_id, location_id, kind, units, at)
    SELECT key, variant_id, location_id, 'counted', delta, at FROM change
), raised AS (
    -- A level made by someone else in this moment keeps both: the delta is added, not set.
    INSERT INTO stock_level AS level (variant_id, location_id, on_hand, held)
    SELECT variant_id, location_id, greatest(units, 0), 0
    FROM change WHERE (variant_id, location_id) NOT IN (SELECT variant_id, location_id FROM locked)
    ORDER BY variant_id, location_id
    ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = level.on_hand + excluded.on_hand
), corrected AS (
    UPDATE stock_level AS level SET on_hand = level.on_hand + change.delta
    FROM change JOIN locked USING (variant_id, location_id)
    WHERE level.variant_id = change.variant_id AND level.location_id = change.location_id
        AND change.delta <> 0
)
SELECT asked.position, change.key IS NOT NULL AS fresh
FROM asked LEFT JOIN change USING (position)
ORDER BY asked.position
