-- An unfinished upload is taken back by who sends it; no row where it is finished or gone.
DELETE FROM channel_upload
WHERE id = %(upload)s AND programme_id = %(programme)s AND finished_at IS NULL
RETURNING id
