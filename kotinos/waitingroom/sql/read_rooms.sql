-- Rooms that are not long over, with how far each was served and how many are inside.
SELECT
    room.id, room.code, room.opens_at, room.closes_at, room.seed, room.admission_seconds,
    room.guests_allowed, room.guest_bits, room.rate_max_per_s,
    serving.drawn_upto, serving.arrived_upto_ms, serving.rate_per_s, serving.slow_factor,
    serving.paused_at, serving.moved_at, serving.units_free,
    (
        -- Who has set nothing aside for three minutes may still buy, but the line does not wait.
        SELECT count(*) FROM waitingroom_entry AS entry
        WHERE entry.room_id = room.id AND entry.done_at IS NULL AND entry.expires_at > %(now)s
            AND entry.entered_at > %(now)s - interval '3 minutes'
    ) AS inside,
    (SELECT count(*) FROM waitingroom_entry AS entry WHERE entry.room_id = room.id) AS entered
FROM waitingroom_room AS room JOIN waitingroom_serving AS serving ON serving.room_id = room.id
WHERE
    (%(room_id)s::uuid IS NULL AND room.closes_at > %(now)s - interval '1 day')
    OR room.id = %(room_id)s
ORDER BY room.opens_at, room.id
LIMIT 200
