-- Drops with their offers, variants and the seller's places: some by id or slug, or all published and not withdrawn that closed after a moment.
SELECT
    a_drop.id, a_drop.slug, a_drop.names, a_drop.texts, a_drop.seller_id, a_drop.room_id,
    a_drop.opens_at, a_drop.closes_at, a_drop.territory, a_drop.territory_mask,
    a_drop.units_per_buyer, a_drop.hold_seconds, a_drop.rehearsal_of_id,
    ARRAY(SELECT name FROM drops_state WHERE drop_id = a_drop.id)::text[] AS states,
    (
        SELECT json_agg(json_build_object(
            'product', product.id, 'handle', product.handle, 'work', product.work_id,
            'set', work.property_set_id,
            'titles', (
                SELECT json_object_agg(language, title)
                FROM catalog_product_text WHERE product_id = product.id
            ),
            'variants', (
                SELECT json_agg(json_build_array(
                    variant.id, variant.sku, variant.options, variant.weight_grams,
                    ARRAY(
                        SELECT level.location_id
                        FROM stock_level AS level
                        JOIN stock_location AS place ON place.id = level.location_id
                        WHERE level.variant_id = variant.id
                            AND place.organisation_id = a_drop.seller_id
                        ORDER BY level.on_hand > level.held DESC, level.location_id
                    )
                ) ORDER BY variant.position, variant.sku)
                FROM catalog_variant AS variant WHERE variant.product_id = product.id
            )
        ) ORDER BY offer.position)
        FROM drops_offer AS offer
        JOIN catalog_product AS product ON product.id = offer.product_id
        JOIN rights_work AS work ON work.id = product.work_id
        WHERE offer.drop_id = a_drop.id
    ) AS offers
FROM drops_drop AS a_drop
WHERE (%(ids)s::uuid[] IS NULL OR a_drop.id = ANY(%(ids)s::uuid[]))
    AND (%(slugs)s::text[] IS NULL OR a_drop.slug = ANY(%(slugs)s::text[]))
    AND (
        %(live_after)s::timestamptz IS NULL
        OR (
            a_drop.closes_at > %(live_after)s::timestamptz
            AND EXISTS (
                SELECT 1 FROM drops_state WHERE drop_id = a_drop.id AND name = 'published'
            )
            AND NOT EXISTS (
                SELECT 1 FROM drops_state WHERE drop_id = a_drop.id AND name = 'withdrawn'
            )
        )
    )
ORDER BY a_drop.opens_at, a_drop.slug
