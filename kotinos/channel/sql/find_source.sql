-- A live source by its code, with the edition that serves a language.
SELECT
    source.id AS source_id, programme.id AS programme_id, edition.code AS edition,
    edition.licensee_id, programme.published_from, programme.published_until,
    source.enabled_from, source.enabled_until
FROM channel_live_source AS source
JOIN channel_programme AS programme ON programme.id = source.programme_id
JOIN channel_edition AS edition ON edition.code = (
    SELECT code FROM channel_edition
    WHERE %(language)s::text = ANY(languages) OR is_default
    ORDER BY %(language)s::text = ANY(languages) DESC, code LIMIT 1
)
WHERE source.code = %(code)s AND edition.code = ANY(programme.editions)
