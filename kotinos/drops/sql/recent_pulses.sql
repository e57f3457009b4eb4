-- What all processes saw of some drops in the last whole seconds, pulse by pulse.
SELECT
    drop_id,
    json_agg(json_build_array(orders, refused, latency)) AS recent
FROM drops_pulse
WHERE drop_id = ANY(%(ids)s::uuid[])
    AND second >= %(second)s::bigint - %(seconds)s::int AND second < %(second)s::bigint
GROUP BY drop_id
