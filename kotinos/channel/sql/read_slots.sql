-- One channel's slots that reach beyond a tick and begin before another, in order, with their rulings.
SELECT
    slot.id, slot.from_tick, slot.until_tick, slot.programme_id, slot.package_id,
    slot.offset_ticks, slot.source_id,
    coalesce((
        SELECT json_agg(
            json_build_array(ruling.from_tick, encode(ruling.show, 'hex'), ruling.delays)
            ORDER BY ruling.from_tick
        )
        FROM channel_ruling AS ruling WHERE ruling.slot_id = slot.id
    ), '[]') AS rulings
FROM channel_slot AS slot
WHERE slot.channel_id = %(channel)s
    AND int4range(slot.from_tick, slot.until_tick, '[)')
        && int4range(%(from_tick)s::int, %(until_tick)s::int)
ORDER BY slot.from_tick
