-- Sets units aside for every key of the batch in arrival order, all lines of a key or none, never more for a holder than their limit; a key served before gets its first answer.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(key)s::uuid[], %(variant_id)s::uuid[], %(location_id)s::uuid[],
        %(units)s::int[], %(held_at)s::timestamptz[], %(expires_at)s::timestamptz[],
        %(holder)s::uuid[], %(holder_units_max)s::int[]
    ) WITH ORDINALITY AS t (
        key, variant_id, location_id, units, held_at, expires_at, holder, holder_units_max, position
    )
), known AS MATERIALIZED (
    SELECT id, key, variant_id, location_id, units, expires_at, ended_as
    FROM stock_hold WHERE key = ANY(%(key)s::uuid[])
), line AS MATERIALIZED (
    -- One key may stand twice in a batch when a buyer pressed twice: it counts once.
    SELECT DISTINCT ON (key, variant_id, location_id)
        asked.*, min(position) OVER (PARTITION BY key) AS arrival
    FROM asked
    WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.key = asked.key)
    ORDER BY key, variant_id, location_id, position
), had AS MATERIALIZED (
    SELECT holder, sum(units)::int AS units
    FROM stock_hold
    WHERE holder = ANY(%(holder)s::uuid[]) AND (ended_as IS NULL OR ended_as = 'taken')
    GROUP BY holder
), over AS MATERIALIZED (
    -- Exact where batches with limits follow each other: see `lock_scopes`.
    SELECT key
    FROM (
        SELECT
            line.key,
            holder_units_max,
            coalesce(had.units, 0) + sum(line.units) OVER (
                PARTITION BY holder ORDER BY arrival, line.key ROWS UNBOUNDED PRECEDING
            ) AS running
        FROM line LEFT JOIN had USING (holder)
        WHERE holder IS NOT NULL
    ) AS counted
    WHERE running > holder_units_max
), locked AS MATERIALIZED (
    -- Locks in key order, so two batches never wait for each other in a circle.
    SELECT variant_id, location_id, on_hand - held AS free
    FROM stock_level
    WHERE (variant_id, location_id) IN (
        SELECT variant_id, location_id FROM line WHERE key NOT IN (SELECT key FROM over)
    )
    ORDER BY variant_id, location_id
    FOR UPDATE
), fit AS MATERIALIZED (
    SELECT
        line.*,
        coalesce(locked.free, 0) AS free,
        sum(line.units) OVER (
            PARTITION BY line.variant_id, line.location_id ORDER BY arrival
            ROWS UNBOUNDED PRECEDING
        ) AS running
    FROM line LEFT JOIN locked USING (variant_id, location_id)
    WHERE line.key NOT IN (SELECT key FROM over)
), granted AS MATERIALIZED (
    SELECT key FROM fit GROUP BY key HAVING bool_and(running <= free)
), taken AS MATERIALIZED (
    SELECT variant_id, location_id, sum(units)::int AS units
    FROM fit JOIN granted USING (key) GROUP BY variant_id, location_id
), raised AS (
    UPDATE stock_level AS level SET held = level.held + taken.units
    FROM taken
    WHERE level.variant_id = taken.variant_id AND level.location_id = taken.location_id
), written AS (
    INSERT INTO stock_hold
        (id, key, variant_id, location_id, units, held_at, expires_at, holder)
    SELECT gen_random_uuid(), key, variant_id, location_id, units, held_at, expires_at, holder
    FROM fit JOIN granted USING (key)
    RETURNING id, key, variant_id, location_id, units, expires_at
)
SELECT
    asked.position,
    asked.variant_id,
    asked.location_id,
    coalesce(written.id, known.id) AS hold_id,
    coalesce(written.units, known.units, asked.units) AS units,
    coalesce(written.expires_at, known.expires_at) AS expires_at,
    EXISTS (SELECT 1 FROM known WHERE known.key = asked.key) AS again,
    known.ended_as,
    over.key IS NOT NULL AS over_limit,
    (coalesce(fit.free, 0) - coalesce(taken.units, 0))::int AS units_free,
    -- Refused only because others of this batch asked before and were refused too: ask again.
    coalesce(fit.units <= fit.free - coalesce(taken.units, 0), false) AS crowded
FROM asked
LEFT JOIN written USING (key, variant_id, location_id)
LEFT JOIN known USING (key, variant_id, location_id)
LEFT JOIN fit USING (key, variant_id, location_id)
LEFT JOIN taken USING (variant_id, location_id)
LEFT JOIN (SELECT DISTINCT key FROM over) AS over USING (key)
ORDER BY asked.position
