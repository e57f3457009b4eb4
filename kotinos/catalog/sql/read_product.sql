-- All of one product in one row: texts, pictures, variants with offers and prices, and every clearance of its work at this moment.
SELECT
    product.id, product.handle, product.work_id, product.owner_id, product.team, product.edition,
    product.kind_id, product.sport_id, product.collection_id,
    (
        SELECT json_agg(json_build_array(language, title, description_html))
        FROM catalog_product_text WHERE product_id = product.id
    ) AS texts,
    (
        SELECT json_agg(json_build_array(key, alt) ORDER BY position)
        FROM catalog_product_image WHERE product_id = product.id AND key <> ''
    ) AS pictures,
    (
        SELECT json_agg(json_build_array(id, facet, code, names)) FROM catalog_term
        WHERE id IN (product.kind_id, product.sport_id, product.collection_id)
    ) AS terms,
    (
        SELECT json_agg(json_build_object(
            'id', variant.id, 'sku', variant.sku, 'gtin', variant.gtin,
            'options', variant.options, 'weight', variant.weight_grams,
            'seller', offer.seller_id,
            'prices', (
                SELECT json_agg(json_build_array(
                    market_id, amount_minor, currency, compare_at_minor
                ))
                FROM catalog_price WHERE offer_id = offer.id
            )
        ) ORDER BY variant.position, variant.sku)
        FROM catalog_variant AS variant
        JOIN catalog_offer AS offer ON offer.variant_id = variant.id AND offer.is_active
        WHERE variant.product_id = product.id
    ) AS offers,
    (
        SELECT json_agg(json_build_array(seller_id, market_id)) FROM catalog_market_exclusion
        WHERE product_id = product.id
    ) AS exclusions,
    (
        SELECT json_agg(json_build_array(
            clearance.seller_id, encode(clearance.mask, 'hex'),
            get_bit(clearance.uses, %(sell)s::int), get_bit(clearance.uses, %(ship)s::int)
        ))
        FROM rights_work AS work
        JOIN rights_clearance AS clearance ON clearance.property_set_id = work.property_set_id
        WHERE work.id = product.work_id
            AND clearance.valid @> %(now)s::timestamptz AND clearance.delay_minutes = 0
    ) AS clearances,
    (
        SELECT json_build_array(
            market.id, market.code, market.names, market.currency, market.tax_inclusive,
            market.tax_basis_points, market.price_bands_minor
        )
        FROM catalog_market_territory AS place
        JOIN catalog_market AS market ON market.id = place.market_id
        WHERE place.territory = %(territory)s
    ) AS market
FROM catalog_product AS product
WHERE product.handle = %(handle)s AND product.is_active
