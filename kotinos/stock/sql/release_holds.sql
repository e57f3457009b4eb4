-- Frees what is still open of every key; what has ended stays ended.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(%(key)s::uuid[], %(at)s::timestamptz[]) WITH ORDINALITY AS t (key, at, position)
), locked AS MATERIALIZED (
    SELECT variant_id, location_id
    FROM stock_level
    WHERE (variant_id, location_id) IN (
        SELECT variant_id, location_id FROM stock_hold
        WHERE key = ANY(%(key)s::uuid[]) AND ended_as IS NULL
    )
    ORDER BY variant_id, location_id
    FOR UPDATE
), closed AS (
    UPDATE stock_hold AS hold SET ended_as = 'released'
    WHERE hold.key = ANY(%(key)s::uuid[]) AND hold.ended_as IS NULL
        AND (SELECT count(*) FROM locked) >= 0
    RETURNING hold.id, hold.key, hold.variant_id, hold.location_id, hold.units
), ended AS (
    INSERT INTO stock_hold_end (hold_id, kind, at)
    SELECT closed.id, 'released', first.at
    FROM closed JOIN (SELECT key, min(at) AS at FROM asked GROUP BY key) AS first USING (key)
), lowered AS (
    UPDATE stock_level AS level SET held = level.held - freed.units
    FROM (
        SELECT variant_id, location_id, sum(units)::int AS units
        FROM closed GROUP BY variant_id, location_id
    ) AS freed
    WHERE level.variant_id = freed.variant_id AND level.location_id = freed.location_id
)
SELECT asked.position, coalesce(sum(closed.units), 0)::int AS units
FROM asked LEFT JOIN closed USING (key)
GROUP BY asked.position ORDER BY asked.position
