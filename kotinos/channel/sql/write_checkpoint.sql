-- Remember how often a channel's content had changed up to a tick that can change no more.
INSERT INTO channel_checkpoint (channel_id, tick, changes)
VALUES (%(channel)s, %(tick)s, %(changes)s)
ON CONFLICT (channel_id, tick) DO NOTHING
RETURNING tick
