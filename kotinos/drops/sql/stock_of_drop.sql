-- Units of each variant of a drop at its seller's places: free, held, and those that left since it opened.
SELECT
    variant.id AS variant_id, variant.sku,
    coalesce(sum(level.on_hand - level.held), 0)::int AS free,
    coalesce(sum(level.held), 0)::int AS held,
    coalesce(sum((
        SELECT -sum(movement.units)
        FROM stock_movement AS movement
        WHERE movement.variant_id = variant.id AND movement.location_id = level.location_id
            AND movement.kind = 'taken' AND movement.at >= a_drop.opens_at
    )), 0)::int AS sold
FROM drops_drop AS a_drop
JOIN drops_offer AS offer ON offer.drop_id = a_drop.id
JOIN catalog_variant AS variant ON variant.product_id = offer.product_id
LEFT JOIN (
    stock_level AS level
    JOIN stock_location AS place ON place.id = level.location_id
) ON level.variant_id = variant.id AND place.organisation_id = a_drop.seller_id
WHERE a_drop.id = %(drop_id)s
GROUP BY variant.id, variant.sku, offer.position, variant.position
ORDER BY offer.position, variant.position, variant.sku
