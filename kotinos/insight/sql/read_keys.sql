-- The write keys that may be used, each with what people's ids are hashed with in this region.
SELECT
    write_key.key,
    write_key.name,
    write_key.edition_id AS edition,
    coalesce(write_key.organisation_id::text, '') AS organisation,
    write_key.events_per_s_max,
    hash_key.secret
FROM insight_write_key AS write_key
LEFT JOIN insight_hash_key AS hash_key
    ON hash_key.edition_id = write_key.edition_id AND hash_key.region = %(region)s
WHERE write_key.revoked_at IS NULL AND hash_key.dropped_at IS NULL
