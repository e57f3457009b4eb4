-- So many bytes of an unfinished upload are on the disk; no row where it is gone or finished.
UPDATE channel_upload
SET received = %(received)s::bigint
WHERE id = %(upload)s AND finished_at IS NULL
RETURNING received
