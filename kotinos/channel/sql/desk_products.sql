-- Products by id in the order asked, with their title and the sellers who offer them now.
SELECT
    product.id, product.handle, product.work_id,
    coalesce(
        (
            SELECT title FROM catalog_product_text
            WHERE product_id = product.id
            ORDER BY language <> %(language)s::text, language <> 'en', language
            LIMIT 1
        ),
        product.handle
    ) AS title,
    ARRAY(
        SELECT DISTINCT offer.seller_id
        FROM catalog_variant AS variant
        JOIN catalog_offer AS offer ON offer.variant_id = variant.id AND offer.is_active
        WHERE variant.product_id = product.id AND product.is_active
    ) AS sellers
FROM catalog_product AS product
WHERE product.id = ANY(%(ids)s::uuid[])
ORDER BY array_position(%(ids)s::uuid[], product.id)
