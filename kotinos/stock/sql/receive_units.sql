-- Adds arriving units to level and ledger, each key once; a level that does not exist begins here.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(key)s::uuid[], %(variant_id)s::uuid[], %(location_id)s::uuid[],
        %(units)s::int[], %(at)s::timestamptz[]
    ) WITH ORDINALITY AS t (key, variant_id, location_id, units, at, position)
), fresh AS MATERIALIZED (
    SELECT DISTINCT ON (key, variant_id, location_id) asked.*
    FROM asked
    WHERE NOT EXISTS (
        SELECT 1 FROM stock_movement AS movement
        WHERE movement.key = asked.key AND movement.variant_id = asked.variant_id
            AND movement.location_id = asked.location_id
    )
    ORDER BY key, variant_id, location_id, position
), moved AS (
    INSERT INTO stock_movement (key, variant_id, location_id, kind, units, at)
    SELECT key, variant_id, location_id, 'received', units, at FROM fresh
), raised AS (
    INSERT INTO stock_level AS level (variant_id, location_id, on_hand, held)
    SELECT variant_id, location_id, sum(units)::int, 0
    FROM fresh GROUP BY variant_id, location_id ORDER BY variant_id, location_id
    ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = level.on_hand + excluded.on_hand
)
SELECT asked.position, fresh.key IS NOT NULL AS fresh
FROM asked LEFT JOIN fresh USING (position)
ORDER BY asked.position
