-- Who joined these rooms, all processes together, as far as they have written it down.
SELECT room_id, part, body
FROM waitingroom_sketch
WHERE room_id = ANY(%(rooms)s::uuid[])
