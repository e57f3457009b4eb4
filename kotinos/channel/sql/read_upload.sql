-- How far an upload for a programme has come; no row where there is none or it belongs to another.
SELECT upload.id, upload.size, upload.received, upload.begun_at, upload.finished_at
FROM channel_upload AS upload
WHERE upload.id = %(upload)s AND upload.programme_id = %(programme)s
