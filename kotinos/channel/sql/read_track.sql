-- The timed text of a programme in one language.
SELECT text FROM channel_track
WHERE programme_id = %(programme)s AND kind = %(kind)s AND language = %(language)s
