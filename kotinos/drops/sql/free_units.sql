-- Units free and held of every variant of some drops at every place of their sellers.
SELECT
    offer.drop_id, level.variant_id, level.location_id,
    (level.on_hand - level.held) AS free, level.held
FROM drops_offer AS offer
JOIN drops_drop AS a_drop ON a_drop.id = offer.drop_id
JOIN catalog_variant AS variant ON variant.product_id = offer.product_id
JOIN stock_level AS level ON level.variant_id = variant.id
JOIN stock_location AS place
    ON place.id = level.location_id AND place.organisation_id = a_drop.seller_id
WHERE offer.drop_id = ANY(%(ids)s::uuid[])
