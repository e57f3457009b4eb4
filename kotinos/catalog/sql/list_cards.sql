-- One page of the products cleared to be sold and shipped in a territory, with the total and the facet counts of that same set.
WITH cleared AS MATERIALIZED (
    SELECT property_set_id, seller_id FROM rights_clearance
    WHERE valid @> %(now)s::timestamptz AND delay_minutes = 0
        AND get_bit(mask, %(bit)s::int) = 1 AND get_bit(uses, %(sell)s::int) = 1
    INTERSECT
    SELECT property_set_id, seller_id FROM rights_clearance
    WHERE valid @> %(now)s::timestamptz AND delay_minutes = 0
        AND get_bit(mask, %(bit)s::int) = 1 AND get_bit(uses, %(ship)s::int) = 1
), counted AS MATERIALIZED (
    -- `missed`: 0 fits every facet; otherwise the one facet it misses, so that a facet's own
    -- choices are counted as if nothing of it were chosen. Rows that miss two count nowhere.
    -- Narrow on purpose: every cleared product passes through here.
    SELECT * FROM (
        SELECT
            shelf.id, shelf.team, shelf.edition, shelf.kind_id, shelf.sport_id,
            shelf.collection_id, banded.band, shelf.featured,
            CASE %(sort)s::text
                WHEN 'cheapest' THEN
                    shelf.amount_minor + (shelf.currency <> %(currency)s::text)::int * 1e15::bigint
                WHEN 'dearest' THEN
                    (shelf.currency <> %(currency)s::text)::int * 1e15::bigint - shelf.amount_minor
                WHEN 'newest' THEN -shelf.listed_at_s
                WHEN 'relevance' THEN array_position(%(hits)s::uuid[], shelf.product_id)
                WHEN 'near' THEN
                    CASE
                        WHEN shelf.team = %(near_team)s::text
                            AND shelf.kind_id = %(near_kind)s::int THEN 0
                        WHEN shelf.team = %(near_team)s::text THEN 1
                        WHEN shelf.kind_id = %(near_kind)s::int THEN 2
                        ELSE 3
                    END
                ELSE 0
            END AS rank,
            (%(teams)s::text[] IS NOT NULL AND shelf.team <> ALL(%(teams)s::text[]))::int
            + (%(sports)s::text[] IS NOT NULL AND coalesce(shelf.sport_id, 0) <> ALL(ARRAY(
                SELECT id FROM catalog_term
                WHERE facet = 'sport' AND code = ANY(%(sports)s::text[])
            )))::int * 2
            + (%(kinds)s::text[] IS NOT NULL AND shelf.kind_id <> ALL(ARRAY(
                SELECT id FROM catalog_term
                WHERE facet = 'kind' AND code = ANY(%(kinds)s::text[])
            )))::int * 4
            + (%(collections)s::text[] IS NOT NULL AND coalesce(shelf.collection_id, 0) <> ALL(ARRAY(
                SELECT id FROM catalog_term
                WHERE facet = 'collection' AND code = ANY(%(collections)s::text[])
            )))::int * 8
            + (%(editions)s::text[] IS NOT NULL AND shelf.edition <> ALL(%(editions)s::text[]))::int
                * 16
            + (%(band)s::int IS NOT NULL AND coalesce(banded.band, -1) <> %(band)s::int)::int * 32
                AS missed
        FROM catalog_shelf AS shelf
        CROSS JOIN LATERAL (
            -- Written out, because `width_bucket` takes its array apart for every row.
            SELECT CASE WHEN shelf.currency = %(currency)s::text THEN
                (shelf.amount_minor >= %(limit_1)s::bigint)::int
                + (shelf.amount_minor >= %(limit_2)s::bigint)::int
                + (shelf.amount_minor >= %(limit_3)s::bigint)::int
                + (shelf.amount_minor >= %(limit_4)s::bigint)::int
            END AS band
        ) AS banded
        WHERE (
                -- IS TRUE keeps it a hashed lookup: as a join it becomes a loop over the whole
                -- shelf for every clearance, because nobody can estimate bits.
                (shelf.property_set_id, shelf.seller_id) IN (
                    SELECT property_set_id, seller_id FROM cleared
                )
            ) IS TRUE
            AND (
                shelf.market_id = %(market)s::smallint
                OR shelf.market_id IS NULL AND NOT (%(market)s::smallint = ANY(shelf.overridden))
            )
            AND (%(hits)s::uuid[] IS NULL OR shelf.product_id = ANY(%(hits)s::uuid[]))
            AND (%(without)s::uuid IS NULL OR shelf.product_id <> %(without)s::uuid)
            -- A product of several sellers stands once: a price made for this market first, then
            -- the lowest.
            AND (NOT shelf.rivals OR shelf.id = (
                SELECT rival.id
                FROM catalog_shelf AS rival
                WHERE rival.product_id = shelf.product_id
                    AND (rival.property_set_id, rival.seller_id) IN (
                        SELECT property_set_id, seller_id FROM cleared
                    )
                    AND (
                        rival.market_id = %(market)s::smallint
                        OR rival.market_id IS NULL
                            AND NOT (%(market)s::smallint = ANY(rival.overridden))
                    )
                ORDER BY rival.market_id NULLS LAST, rival.amount_minor, rival.id
                LIMIT 1
            ))
    ) AS judged
    WHERE missed IN (0, 1, 2, 4, 8, 16, 32)
), cell AS MATERIALIZED (
    -- First to the few combinations there are, then by facet: six times fewer rows to hash.
    SELECT missed, kind_id, sport_id, collection_id, edition, band, count(*) AS items
    FROM counted
    WHERE %(with_facets)s::bool
    GROUP BY missed, kind_id, sport_id, collection_id, edition, band
), facet AS (
    SELECT
        grouping(sport_id, kind_id, collection_id, edition, band) AS level,
        missed, NULL::text AS team, sport_id, kind_id, collection_id, edition, band,
        sum(items)::bigint AS items
    FROM cell
    GROUP BY GROUPING SETS (
        (missed, sport_id), (missed, kind_id), (missed, collection_id), (missed, edition),
        (missed, band)
    )
    UNION ALL
    SELECT 0, missed, team, NULL, NULL, NULL, NULL, NULL, count(*)
    FROM counted
    WHERE %(with_facets)s::bool
    GROUP BY missed, team
), page AS (
    SELECT best.id AS shelf_id, row_number() OVER (ORDER BY rank, featured, best.id) AS place
    FROM (
        SELECT id, rank, featured FROM counted
        WHERE missed = 0
        ORDER BY rank, featured, id
        LIMIT %(size)s::int OFFSET %(skip)s::int
    ) AS best
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
    JOIN catalog_product AS product ON product.id = shelf.product_id
    LEFT JOIN LATERAL (
        SELECT key, alt FROM catalog_product_image AS image
        WHERE image.product_id = product.id AND image.key <> '' ORDER BY position LIMIT 1
    ) AS image ON true
)
SELECT
    coalesce((SELECT sum(items) FROM cell WHERE missed = 0), 0)::bigint AS total,
    coalesce((SELECT json_agg(card ORDER BY card.place) FROM card), '[]'::json) AS cards,
    coalesce((SELECT json_agg(facet) FROM facet), '[]'::json) AS facets,
    coalesce(
        (
            SELECT json_agg(json_build_array(term.id, term.facet, term.code, term.names))
            FROM catalog_term AS term
            WHERE %(with_facets)s::bool OR term.id IN (SELECT kind_id FROM card)
        ), '[]'::json
    ) AS terms
