-- Who was let in has one row, however often they come back; a row's end only moves later.
INSERT INTO waitingroom_entry (room_id, identity, entered_at, expires_at)
SELECT asked.room_id, asked.identity, min(asked.entered_at), max(asked.expires_at)
FROM unnest(
    %(room_id)s::uuid[], %(identity)s::text[],
    %(entered_at)s::timestamptz[], %(expires_at)s::timestamptz[]
) AS asked (room_id, identity, entered_at, expires_at)
WHERE EXISTS (SELECT FROM waitingroom_room AS room WHERE room.id = asked.room_id)
GROUP BY asked.room_id, asked.identity
ORDER BY asked.room_id, asked.identity
ON CONFLICT (room_id, identity)
DO UPDATE SET expires_at = greatest(waitingroom_entry.expires_at, excluded.expires_at)
