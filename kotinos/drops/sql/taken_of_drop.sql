-- Paid orders of a drop by the second in which their units left, from the ledger of its seller's places.
SELECT
    extract(epoch FROM movement.at)::bigint / %(step)s::int * %(step)s::int AS second,
    count(DISTINCT movement.key)::int AS orders
FROM drops_drop AS a_drop
JOIN drops_offer AS offer ON offer.drop_id = a_drop.id
JOIN catalog_variant AS variant ON variant.product_id = offer.product_id
JOIN stock_location AS place ON place.organisation_id = a_drop.seller_id
JOIN stock_movement AS movement
    ON movement.variant_id = variant.id AND movement.location_id = place.id
    AND movement.kind = 'taken' AND movement.at >= a_drop.opens_at
WHERE a_drop.id = %(drop_id)s
    AND movement.at >= to_timestamp(%(from_second)s::bigint)
    AND movement.at < to_timestamp(%(until_second)s::bigint)
GROUP BY 1
ORDER BY 1
