-- What all processes together saw of a drop in each step of so many seconds within a period.
SELECT
    pulse.second / %(step)s::int * %(step)s::int AS second,
    sum(pulse.arrivals)::bigint AS arrivals,
    sum(pulse.admissions)::bigint AS admissions,
    sum(pulse.holds)::bigint AS holds,
    sum(pulse.orders)::bigint AS orders,
    json_agg(pulse.refused) FILTER (WHERE pulse.refused <> '{}'::jsonb) AS refused,
    json_agg(pulse.latency) FILTER (WHERE pulse.latency <> '{}'::jsonb) AS latency,
    (array_agg(pulse.units_free ORDER BY pulse.second DESC, pulse.units_free))[1] AS units_free,
    (array_agg(pulse.units_held ORDER BY pulse.second DESC, pulse.units_free))[1] AS units_held
FROM drops_pulse AS pulse
WHERE pulse.drop_id = %(drop_id)s
    AND pulse.second >= %(from_second)s::bigint AND pulse.second < %(until_second)s::bigint
GROUP BY 1
ORDER BY 1
