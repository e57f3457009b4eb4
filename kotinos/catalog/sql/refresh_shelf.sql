-- Rewrites the shelf rows of the given products from their offers, prices and exclusions; the caller holds the products' row locks.
WITH gone AS (
    DELETE FROM catalog_shelf WHERE product_id = ANY(%(products)s::uuid[])
), listed AS MATERIALIZED (
    SELECT
        variant.product_id,
        offer.seller_id,
        price.market_id,
        price.currency,
        min(price.amount_minor) AS amount_minor,
        max(price.amount_minor) AS highest_minor,
        (array_agg(price.compare_at_minor ORDER BY price.amount_minor))[1] AS compare_at_minor
    FROM catalog_variant AS variant
    JOIN catalog_offer AS offer ON offer.variant_id = variant.id AND offer.is_active
    JOIN catalog_price AS price ON price.offer_id = offer.id
    WHERE variant.product_id = ANY(%(products)s::uuid[])
    GROUP BY variant.product_id, offer.seller_id, price.market_id, price.currency
), closed AS MATERIALIZED (
    SELECT product_id, seller_id, market_id FROM catalog_market_exclusion
    WHERE product_id = ANY(%(products)s::uuid[])
)
INSERT INTO catalog_shelf (
    product_id, property_set_id, seller_id, market_id, overridden, rivals,
    amount_minor, highest_minor, compare_at_minor, currency,
    team, edition, kind_id, sport_id, collection_id, featured, listed_at_s
)
SELECT
    listed.product_id, work.property_set_id, listed.seller_id, listed.market_id,
    CASE WHEN listed.market_id IS NULL THEN ARRAY(
        SELECT other.market_id FROM listed AS other
        WHERE other.product_id = listed.product_id AND other.seller_id = listed.seller_id
            AND other.market_id IS NOT NULL
        UNION
        SELECT closed.market_id FROM closed
        WHERE closed.product_id = listed.product_id AND closed.seller_id = listed.seller_id
    ) ELSE ARRAY[]::smallint[] END,
    EXISTS (
        SELECT 1 FROM listed AS other
        WHERE other.product_id = listed.product_id AND other.seller_id <> listed.seller_id
    ),
    listed.amount_minor, listed.highest_minor, listed.compare_at_minor, listed.currency,
    product.team, product.edition, product.kind_id, product.sport_id, product.collection_id,
    product.featured, extract(epoch FROM product.created_at)::bigint
FROM listed
JOIN catalog_product AS product ON product.id = listed.product_id AND product.is_active
JOIN rights_work AS work ON work.id = product.work_id
WHERE NOT EXISTS (
    SELECT 1 FROM closed
    WHERE closed.product_id = listed.product_id AND closed.seller_id = listed.seller_id
        AND closed.market_id = listed.market_id
)
RETURNING product_id
