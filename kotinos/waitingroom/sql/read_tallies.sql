-- How many joined in each second since the opening, from a second on.
SELECT room_id, second, joins
FROM waitingroom_tally
WHERE room_id = ANY(%(rooms)s::uuid[]) AND second >= greatest(%(since)s, 1)
