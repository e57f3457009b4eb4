-- Calls more people. Never takes a call back, whatever an old leader believes, and moves nothing while paused.
UPDATE waitingroom_serving
SET
    drawn_upto = greatest(drawn_upto, %(drawn_upto)s::numeric),
    arrived_upto_ms = greatest(arrived_upto_ms, %(arrived_upto_ms)s),
    rate_per_s = %(rate_per_s)s,
    units_free = %(units_free)s,
    moved_at = greatest(moved_at, %(now)s)
WHERE room_id = %(room_id)s AND paused_at IS NULL
RETURNING drawn_upto, arrived_upto_ms, rate_per_s, slow_factor, paused_at, moved_at, units_free
