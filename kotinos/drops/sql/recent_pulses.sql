-- What all processes saw of some drops: sums over each admission's validity, and every pulse of the last whole seconds.
SELECT
    a_drop.id AS drop_id,
    coalesce(sum(pulse.admissions), 0)::int AS admissions,
    coalesce(sum(pulse.holds), 0)::int AS holds,
    coalesce(
        json_agg(json_build_array(
            pulse.admissions, pulse.orders, pulse.confirmed, pulse.refused, pulse.latency
        )) FILTER (WHERE pulse.second >= %(second)s::bigint - %(seconds)s::int),
        '[]'
    ) AS recent
FROM drops_drop AS a_drop
JOIN waitingroom_room AS room ON room.id = a_drop.room_id
LEFT JOIN drops_pulse AS pulse
    ON pulse.drop_id = a_drop.id
    AND pulse.second >= %(second)s::bigint - room.admission_seconds
    AND pulse.second < %(second)s::bigint
WHERE a_drop.id = ANY(%(ids)s::uuid[])
GROUP BY a_drop.id
