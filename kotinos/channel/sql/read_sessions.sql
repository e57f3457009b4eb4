-- Live sessions seen after an instant, with the numbers of their segments and when each was there.
SELECT
    session.id, session.source_id, source.code AS source, session.began_at, session.ended_at,
    session.facts, source.programme_id, source.dvr_minutes,
    (
        SELECT count(*) FROM channel_live_session AS earlier
        WHERE earlier.source_id = session.source_id AND earlier.began_at < session.began_at
    ) AS earlier,
    coalesce((
        SELECT array_agg(number ORDER BY number)
        FROM channel_live_segment
        WHERE session_id = session.id AND starts_at > %(since)s
    ), '{}')::int[] AS numbers,
    coalesce((
        SELECT array_agg(extract(epoch FROM available_at)::float8 ORDER BY number)
        FROM channel_live_segment
        WHERE session_id = session.id AND starts_at > %(since)s
    ), '{}')::float8[] AS there_s
FROM channel_live_session AS session
JOIN channel_live_source AS source ON source.id = session.source_id
WHERE session.seen_at > %(since)s
ORDER BY session.began_at, session.id
