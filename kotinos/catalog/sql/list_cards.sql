-- One page of the products cleared to be sold and shipped in a territory, with the total and the facet counts of that same set.
WITH cleared AS MATERIALIZED (
    SELECT property_set_id, seller_id FROM rights_clearance
    WHERE valid @> %(now)s::timestamptz AND delay_minutes = 0
        AND get_bit(mask, %(bit)s::int) = 1 AND get_bit(uses, %(sell)s::int) = 1
    INTERSECT
    SELECT property_set_id, seller_id FROM rights_clearance
    WHERE valid @> %(now)s::timestamptz AND delay_minutes = 0
        AND get_bit(mask, %(bit)s::int) = 1 AND get_bit(uses, %(ship)s::int) = 1
), offered AS MATERIALIZED (
    SELECT
        shelf.id, shelf.product_id, shelf.seller_id, shelf.rivals, shelf.market_id,
        shelf.amount_minor, shelf.currency, shelf.team, shelf.edition, shelf.kind_id,
        shelf.sport_id, shelf.collection_id, shelf.featured, shelf.listed_at_s,
        CASE WHEN shelf.currency = %(currency)s::text
            THEN width_bucket(shelf.amount_minor, %(bands)s::bigint[]) END AS band
    FROM cleared
    JOIN rights_work AS work ON work.property_set_id = cleared.property_set_id
    JOIN catalog_shelf AS shelf
        ON shelf.work_id = work.id AND shelf.seller_id = cleared.seller_id
    WHERE (
            shelf.market_id = %(market)s::smallint
            OR shelf.market_id IS NULL AND NOT (%(market)s::smallint = ANY(shelf.overridden))
        )
        AND (%(hits)s::uuid[] IS NULL OR shelf.product_id = ANY(%(hits)s::uuid[]))
        AND shelf.product_id <> %(without)s::uuid
), single AS (
    -- A product of several sellers stands once: a price made for this market first, then the lowest.
    SELECT * FROM offered WHERE NOT rivals
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (product_id) * FROM offered WHERE rivals
        ORDER BY product_id, market_id NULLS LAST, amount_minor, seller_id
    ) AS best
), judged AS (
    SELECT
        single.*,
        %(teams)s::text[] IS NOT NULL AND team <> ALL(%(teams)s::text[]) AS not_team,
        %(sports)s::text[] IS NOT NULL AND coalesce(sport_id, 0) <> ALL(ARRAY(
            SELECT id FROM catalog_term WHERE facet = 'sport' AND code = ANY(%(sports)s::text[])
        )) AS not_sport,
        %(kinds)s::text[] IS NOT NULL AND kind_id <> ALL(ARRAY(
            SELECT id FROM catalog_term WHERE facet = 'kind' AND code = ANY(%(kinds)s::text[])
        )) AS not_kind,
        %(collections)s::text[] IS NOT NULL AND coalesce(collection_id, 0) <> ALL(ARRAY(
            SELECT id FROM catalog_term
            WHERE facet = 'collection' AND code = ANY(%(collections)s::text[])
        )) AS not_collection,
        %(editions)s::text[] IS NOT NULL AND edition <> ALL(%(editions)s::text[]) AS not_edition,
        %(band)s::int IS NOT NULL AND coalesce(band, -1) <> %(band)s::int AS not_band
    FROM single
), counted AS MATERIALIZED (
    -- `missed`: 0 fits every facet; otherwise the one facet it misses, so that a facet's own
    -- choices are counted as if nothing of it were chosen. Rows that miss two count nowhere.
    SELECT
        id, product_id, seller_id, amount_minor, currency, team, edition, kind_id, sport_id,
        collection_id, band, featured, listed_at_s,
        not_team::int + not_sport::int * 2 + not_kind::int * 4 + not_collection::int * 8
            + not_edition::int * 16 + not_band::int * 32 AS missed
    FROM judged
    WHERE not_team::int + not_sport::int + not_kind::int + not_collection::int
        + not_edition::int + not_band::int <= 1
), facet AS (
    SELECT
        grouping(team, sport_id, kind_id, collection_id, edition, band) AS level,
        missed, team, sport_id, kind_id, collection_id, edition, band, count(*) AS items
    FROM counted
    WHERE %(with_facets)s::bool
    GROUP BY GROUPING SETS (
        (missed, team), (missed, sport_id), (missed, kind_id), (missed, collection_id),
        (missed, edition), (missed, band)
    )
), page AS (
    SELECT counted.*, row_number() OVER () AS place FROM (
        SELECT id AS shelf_id, product_id AS product, team AS near_team FROM counted
        WHERE missed = 0
        ORDER BY
            CASE WHEN %(sort)s::text IN ('cheapest', 'dearest') THEN currency <> %(currency)s::text END,
            CASE %(sort)s::text
                WHEN 'cheapest' THEN amount_minor
                WHEN 'dearest' THEN -amount_minor
                WHEN 'newest' THEN -listed_at_s
                WHEN 'relevance' THEN array_position(%(hits)s::uuid[], product_id)
                WHEN 'near' THEN
                    CASE
                        WHEN team = %(near_team)s::text AND kind_id = %(near_kind)s::int THEN 0
                        WHEN team = %(near_team)s::text THEN 1
                        WHEN kind_id = %(near_kind)s::int THEN 2
                        ELSE 3
                    END
                ELSE 0
            END,
            featured, product_id
        LIMIT %(size)s::int OFFSET %(skip)s::int
    ) AS counted
), card AS (
    SELECT
        page.place,
        product.id AS product_id, product.handle, product.team, product.kind_id,
        shelf.seller_id, shelf.amount_minor, shelf.highest_minor, shelf.compare_at_minor,
        shelf.currency,
        (
            SELECT title FROM catalog_product_text AS words
            WHERE words.product_id = product.id
            ORDER BY words.language = %(language)s::text DESC, words.language = 'en' DESC LIMIT 1
        ) AS title,
        image.key AS picture, image.alt AS alt,
        ARRAY(
            SELECT variant.id FROM catalog_variant AS variant
            WHERE variant.product_id = product.id
        ) AS variants
    FROM page
    JOIN catalog_shelf AS shelf ON shelf.id = page.shelf_id
    JOIN catalog_product AS product ON product.id = page.product
    LEFT JOIN LATERAL (
        SELECT key, alt FROM catalog_product_image AS image
        WHERE image.product_id = product.id AND image.key <> '' ORDER BY position LIMIT 1
    ) AS image ON true
)
SELECT
    (SELECT count(*) FROM counted WHERE missed = 0) AS total,
    coalesce((SELECT json_agg(card ORDER BY card.place) FROM card), '[]'::json) AS cards,
    coalesce((SELECT json_agg(facet) FROM facet), '[]'::json) AS facets,
    coalesce(
        (
            SELECT json_agg(json_build_array(term.id, term.facet, term.code, term.names))
            FROM catalog_term AS term
            WHERE %(with_facets)s::bool OR term.id IN (SELECT kind_id FROM card)
        ), '[]'::json
    ) AS terms
