-- Products a seller offers whose handle, title or SKU holds a text, those with the most free units first.
SELECT product.handle
FROM catalog_product AS product
JOIN LATERAL (
    SELECT sum(level.on_hand - level.held) AS free
    FROM catalog_variant AS variant
    JOIN catalog_offer AS offer
        ON offer.variant_id = variant.id AND offer.seller_id = %(seller)s AND offer.is_active
    LEFT JOIN (
        stock_level AS level
        JOIN stock_location AS place
            ON place.id = level.location_id AND place.organisation_id = %(seller)s
    ) ON level.variant_id = variant.id
    WHERE variant.product_id = product.id
    HAVING count(variant.id) > 0
) AS stock ON true
WHERE product.is_active AND (
    strpos(product.handle, lower(%(text)s::text)) > 0
    OR EXISTS (
        SELECT 1 FROM catalog_product_text
        WHERE product_id = product.id AND strpos(lower(title), lower(%(text)s::text)) > 0
    )
    OR EXISTS (
        SELECT 1 FROM catalog_variant
        WHERE product_id = product.id AND strpos(lower(sku), lower(%(text)s::text)) > 0
    )
)
ORDER BY stock.free DESC NULLS LAST, product.handle
LIMIT %(rows_max)s::int
