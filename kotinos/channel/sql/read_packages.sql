-- What playlists need to know of packages.
SELECT id, programme_id, ticks, facts FROM channel_package WHERE id = ANY(%(ids)s::uuid[])
