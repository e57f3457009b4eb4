-- Writes what this process saw of drops by second; each row is a second's whole sum, so writing it again changes nothing.
INSERT INTO drops_pulse AS pulse (
    drop_id, second, process, arrivals, admissions, holds, orders,
    refused, latency, units_free, units_held
)
SELECT
    drop_id, second, %(process)s::int, arrivals, admissions, holds, orders,
    refused::jsonb, latency::jsonb, units_free, units_held
FROM unnest(
    %(drop_id)s::uuid[], %(second)s::bigint[], %(arrivals)s::int[], %(admissions)s::int[],
    %(holds)s::int[], %(orders)s::int[], %(refused)s::text[],
    %(latency)s::text[], %(units_free)s::int[], %(units_held)s::int[]
) AS t (
    drop_id, second, arrivals, admissions, holds, orders, refused, latency,
    units_free, units_held
)
WHERE EXISTS (SELECT 1 FROM drops_drop WHERE id = t.drop_id)
ON CONFLICT (drop_id, second, process) DO UPDATE SET
    arrivals = excluded.arrivals,
    admissions = excluded.admissions,
    holds = excluded.holds,
    orders = excluded.orders,
    refused = excluded.refused,
    latency = excluded.latency,
    units_free = excluded.units_free,
    units_held = excluded.units_held
