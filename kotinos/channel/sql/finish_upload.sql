-- The whole file is on the disk: the upload is finished and its job waits, both or neither, once.
WITH finished AS (
    UPDATE channel_upload
    SET received = size, finished_at = %(now)s
    WHERE id = %(upload)s AND finished_at IS NULL
    RETURNING id, programme_id
),

asked AS (
    INSERT INTO channel_job (
        id, kind, programme_id, upload_id, source_path, asked_at, ready_at, leased_by, attempts,
        progress, reason
    )
    SELECT %(job)s, 'package', finished.programme_id, finished.id, '', %(now)s, %(now)s, '', 0, 0, ''
    FROM finished
    RETURNING id
)

INSERT INTO channel_job_note (id, job_id, at, text)
SELECT %(note)s, asked.id, %(now)s, 'asked for by an upload'
FROM asked
RETURNING job_id
