-- Replaces the shared sketch by a union with it: only who locked it may do so.
UPDATE waitingroom_sketch SET body = %(body)s WHERE room_id = %(room_id)s AND part = %(part)s
