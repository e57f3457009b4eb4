-- The slots of some linear channels that touch a span of ticks, in order, each with its programme and the ruling in force when it begins.
SELECT
    slot.id, slot.channel_id, slot.from_tick, slot.until_tick, slot.offset_ticks, slot.package_id,
    slot.source_id, source.code AS source_code,
    programme.id AS programme_id, programme.code, programme.kind, programme.titles,
    programme.synopses, programme.sport, programme.nocs, programme.occurred_at,
    ruling.show, ruling.delays
FROM channel_slot AS slot
JOIN channel_programme AS programme ON programme.id = slot.programme_id
LEFT JOIN channel_live_source AS source ON source.id = slot.source_id
LEFT JOIN LATERAL (
    SELECT show, delays FROM channel_ruling
    WHERE slot_id = slot.id AND from_tick <= greatest(slot.from_tick, %(tick)s::int)
    ORDER BY from_tick DESC LIMIT 1
) AS ruling ON true
WHERE slot.channel_id = ANY(%(channels)s::uuid[])
    AND slot.from_tick < %(until_tick)s::int AND slot.until_tick > %(from_tick)s::int
ORDER BY slot.from_tick, slot.channel_id
LIMIT %(most)s::int
