-- Products by handle as one seller has them: whether they are offered, and units free on the seller's shelves.
SELECT
    product.id AS product_id, product.handle, product.work_id,
    coalesce(
        (
            SELECT title FROM catalog_product_text
            WHERE product_id = product.id
            ORDER BY language <> 'en', language
            LIMIT 1
        ),
        product.handle
    ) AS title,
    product.is_active AND EXISTS (
        SELECT 1
        FROM catalog_variant AS variant
        JOIN catalog_offer AS offer ON offer.variant_id = variant.id
        WHERE variant.product_id = product.id
            AND offer.seller_id = %(seller)s AND offer.is_active
    ) AS offered,
    coalesce(
        (
            SELECT sum(level.on_hand - level.held)
            FROM catalog_variant AS variant
            JOIN stock_level AS level ON level.variant_id = variant.id
            JOIN stock_location AS place
                ON place.id = level.location_id AND place.organisation_id = %(seller)s
            WHERE variant.product_id = product.id
        ),
        0
    )::int AS units_free
FROM catalog_product AS product
WHERE product.handle = ANY(%(handles)s::text[])
ORDER BY array_position(%(handles)s::text[], product.handle::text)
