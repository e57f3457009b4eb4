-- Adds what one process counted to the sums of all; rows are touched in key order, so two never wait in a circle.
INSERT INTO waitingroom_tally (room_id, second, joins)
SELECT asked.room_id, asked.second, sum(asked.joins)
FROM unnest(%(room_id)s::uuid[], %(second)s::bigint[], %(joins)s::bigint[])
    AS asked (room_id, second, joins)
WHERE EXISTS (SELECT FROM waitingroom_room AS room WHERE room.id = asked.room_id)
GROUP BY asked.room_id, asked.second
ORDER BY asked.room_id, asked.second
ON CONFLICT (room_id, second) DO UPDATE SET joins = waitingroom_tally.joins + excluded.joins
