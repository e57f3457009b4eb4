-- An account's first number in a room is kept, whoever asks first or again; `fresh`: it was this one.
WITH asked AS MATERIALIZED (
    SELECT room_id, identity, joined_ms, position
    FROM unnest(%(room_id)s::uuid[], %(identity)s::text[], %(joined_ms)s::bigint[])
        WITH ORDINALITY AS asked (room_id, identity, joined_ms, position)
), first AS (
    SELECT room_id, identity, min(joined_ms) AS joined_ms, min(position) AS position
    FROM asked GROUP BY room_id, identity
), kept AS (
    INSERT INTO waitingroom_keepsake (room_id, identity, joined_ms)
    SELECT room_id, identity, joined_ms
    FROM first
    WHERE EXISTS (SELECT FROM waitingroom_room AS room WHERE room.id = first.room_id)
    ORDER BY room_id, identity
    -- An update that changes little, because DO NOTHING would not see what a twin just wrote.
    ON CONFLICT (room_id, identity)
    DO UPDATE SET joined_ms = least(waitingroom_keepsake.joined_ms, excluded.joined_ms)
    RETURNING room_id, identity, joined_ms, xmax = 0 AS fresh
)
SELECT
    asked.position,
    coalesce(kept.joined_ms, asked.joined_ms) AS joined_ms,
    coalesce(kept.fresh, false) AND first.position = asked.position AS fresh
FROM asked
JOIN first USING (room_id, identity)
LEFT JOIN kept USING (room_id, identity)
ORDER BY asked.position
