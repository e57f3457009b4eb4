-- Lets the units of every key leave: all its holds are open and become taken, or nothing moves; a key taken before is said to be so.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(%(key)s::uuid[], %(at)s::timestamptz[]) WITH ORDINALITY AS t (key, at, position)
), found AS MATERIALIZED (
    -- By key alone: asked for in order as well, the planner would walk all holds there ever were.
    SELECT id, variant_id, location_id, ended_as
    FROM stock_hold WHERE key = ANY(%(key)s::uuid[])
), locked AS MATERIALIZED (
    SELECT variant_id, location_id
    FROM stock_level
    WHERE (variant_id, location_id) IN (
        SELECT variant_id, location_id FROM found WHERE ended_as IS NULL
    )
    ORDER BY variant_id, location_id
    FOR UPDATE
), hold AS MATERIALIZED (
    -- Read under the lock of its level: what a concurrent release or expiry did is seen.
    SELECT id, key, variant_id, location_id, units, ended_as
    FROM stock_hold
    WHERE id = ANY(ARRAY(SELECT id FROM found)) AND (SELECT count(*) FROM locked) >= 0
    ORDER BY id
    FOR UPDATE
), whole AS MATERIALIZED (
    SELECT hold.key, min(asked.at) AS at
    FROM hold JOIN asked USING (key)
    GROUP BY hold.key HAVING bool_and(ended_as IS NULL)
), closed AS (
    UPDATE stock_hold SET ended_as = 'taken'
    WHERE id IN (SELECT id FROM hold JOIN whole USING (key))
), ended AS (
    INSERT INTO stock_hold_end (hold_id, kind, at)
    SELECT hold.id, 'taken', whole.at FROM hold JOIN whole USING (key)
), moved AS (
    INSERT INTO stock_movement (key, variant_id, location_id, kind, units, at)
    SELECT key, variant_id, location_id, 'taken', -units, at FROM hold JOIN whole USING (key)
), lowered AS (
    UPDATE stock_level AS level SET on_hand = on_hand - gone.units, held = held - gone.units
    FROM (
        SELECT variant_id, location_id, sum(units)::int AS units
        FROM hold JOIN whole USING (key) GROUP BY variant_id, location_id
    ) AS gone
    WHERE level.variant_id = gone.variant_id AND level.location_id = gone.location_id
)
SELECT
    asked.position,
    whole.key IS NOT NULL AS fresh,
    hold.id AS hold_id,
    hold.variant_id,
    hold.location_id,
    hold.units,
    hold.ended_as
FROM asked LEFT JOIN hold USING (key) LEFT JOIN whole USING (key)
ORDER BY asked.position, hold.id
