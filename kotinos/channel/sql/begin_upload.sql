-- A place for a file of a known programme; no row where the programme is gone, and how many bytes
-- unfinished uploads still have to come besides this one.
WITH begun AS (
    INSERT INTO channel_upload (id, programme_id, name, size, received, begun_at, by_id)
    SELECT %(upload)s, programme.id, %(name)s, %(size)s::bigint, 0, %(now)s, %(person)s
    FROM channel_programme AS programme
    WHERE programme.id = %(programme)s
    RETURNING id
)
SELECT (
    SELECT coalesce(sum(other.size - other.received), 0)::bigint
    FROM channel_upload AS other
    WHERE other.finished_at IS NULL
) AS outstanding
FROM begun
