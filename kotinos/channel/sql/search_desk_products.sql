-- Offered products whose handle, title or SKU holds a text, the featured ones first.
SELECT product.id
FROM catalog_product AS product
WHERE product.is_active
    AND EXISTS (
        SELECT 1
        FROM catalog_variant AS variant
        JOIN catalog_offer AS offer ON offer.variant_id = variant.id AND offer.is_active
        WHERE variant.product_id = product.id
    )
    AND (
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
ORDER BY product.featured DESC, product.handle
LIMIT %(rows_max)s::int
