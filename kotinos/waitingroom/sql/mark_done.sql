-- Who holds units is done, once; somebody whose entry is not written yet gets it here.
INSERT INTO waitingroom_entry (room_id, identity, entered_at, expires_at, done_at)
SELECT asked.room_id, asked.identity, min(asked.done_at), min(asked.done_at), min(asked.done_at)
FROM unnest(%(room_id)s::uuid[], %(identity)s::text[], %(done_at)s::timestamptz[])
    AS asked (room_id, identity, done_at)
WHERE EXISTS (SELECT FROM waitingroom_room AS room WHERE room.id = asked.room_id)
GROUP BY asked.room_id, asked.identity
ORDER BY asked.room_id, asked.identity
ON CONFLICT (room_id, identity)
DO UPDATE SET done_at = coalesce(waitingroom_entry.done_at, excluded.done_at)
