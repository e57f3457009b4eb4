-- The languages in which a programme has subtitles.
SELECT coalesce(array_agg(language ORDER BY language), '{}')::text[] AS languages
FROM channel_track WHERE programme_id = %(programme)s AND kind = 'subtitles'
