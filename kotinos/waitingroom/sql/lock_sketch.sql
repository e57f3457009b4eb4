-- The sketch that all processes share, locked until the end of the transaction; made where there is none.
INSERT INTO waitingroom_sketch (room_id, part, body)
SELECT room.id, %(part)s, %(body)s
FROM waitingroom_room AS room
WHERE room.id = %(room_id)s
ON CONFLICT (room_id, part) DO UPDATE SET body = waitingroom_sketch.body
RETURNING body
