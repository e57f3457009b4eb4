-- The programmes of an edition that its licensee may show on demand in one territory at one moment, newest first, narrowed, with what they can be narrowed by.
WITH shown AS MATERIALIZED (
    SELECT
        programme.id, programme.code, programme.kind, programme.titles, programme.synopses,
        programme.sport, programme.nocs, programme.published_from, programme.occurred_at,
        package.id AS package_id, package.ticks, package.facts
    FROM channel_programme AS programme
    JOIN LATERAL (
        SELECT id, ticks, facts FROM channel_package
        WHERE programme_id = programme.id ORDER BY ready_at DESC LIMIT 1
    ) AS package ON true
    WHERE %(edition)s::text = ANY(programme.editions::text[])
        AND programme.kind <> 'slate'
        AND programme.published_from <= %(now)s::timestamptz
        AND (programme.published_until IS NULL OR programme.published_until > %(now)s::timestamptz)
        AND EXISTS (
            SELECT 1
            FROM rights_work AS work
            JOIN rights_clearance AS clearance
                ON clearance.property_set_id = work.property_set_id
            WHERE work.id = programme.id
                AND clearance.seller_id = %(seller)s::uuid
                AND clearance.valid @> %(now)s::timestamptz
                AND get_bit(clearance.uses, %(use)s::int) = 1
                AND get_bit(clearance.mask, %(bit)s::int) = 1
                AND (
                    clearance.delay_minutes = 0
                    OR programme.occurred_at + make_interval(mins => clearance.delay_minutes)
                        <= %(now)s::timestamptz
                )
        )
), narrowed AS (
    SELECT *
    FROM shown
    WHERE (%(kind)s::text = '' OR kind = %(kind)s::text)
        AND (%(sport)s::text = '' OR sport = %(sport)s::text)
        AND (%(noc)s::text = '' OR %(noc)s::text = ANY(nocs))
        AND (
            %(text)s::text = ''
            OR coalesce(titles ->> %(language)s::text, '') ILIKE %(text)s::text
            OR coalesce(titles ->> 'en', '') ILIKE %(text)s::text
        )
        AND (%(without)s::uuid IS NULL OR id <> %(without)s::uuid)
), page AS (
    SELECT *, row_number() OVER (
        ORDER BY
            (cardinality(%(near_nocs)s::text[]) > 0 AND nocs::text[] && %(near_nocs)s::text[])::int * 2
            + (%(near_sport)s::text <> '' AND sport = %(near_sport)s::text)::int * 2
            + (%(near_kind)s::text <> '' AND kind = %(near_kind)s::text)::int DESC,
            published_from DESC, code
    ) AS place
    FROM narrowed
    ORDER BY place
    LIMIT %(size)s::int OFFSET %(skip)s::int
)
SELECT
    (SELECT count(*) FROM narrowed) AS total,
    coalesce((SELECT json_agg(page ORDER BY page.place) FROM page), '[]'::json) AS rows,
    ARRAY(SELECT DISTINCT kind FROM shown ORDER BY 1) AS kinds,
    ARRAY(SELECT DISTINCT sport FROM shown WHERE sport <> '' ORDER BY 1) AS sports,
    ARRAY(SELECT DISTINCT unnest(nocs) FROM shown ORDER BY 1) AS nocs
