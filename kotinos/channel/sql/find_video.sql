-- A programme by its code, with its newest package and the edition that serves a language.
SELECT
    programme.id AS programme_id, edition.code AS edition, edition.licensee_id,
    programme.occurred_at, programme.published_from, programme.published_until,
    package.id AS package_id, package.ticks
FROM channel_programme AS programme
JOIN channel_edition AS edition ON edition.code = (
    SELECT code FROM channel_edition
    WHERE %(language)s::text = ANY(languages) OR is_default
    ORDER BY %(language)s::text = ANY(languages) DESC, code LIMIT 1
)
LEFT JOIN LATERAL (
    SELECT id, ticks FROM channel_package
    WHERE programme_id = programme.id ORDER BY ready_at DESC, id DESC LIMIT 1
) AS package ON true
WHERE programme.code = %(code)s AND edition.code = ANY(programme.editions)
