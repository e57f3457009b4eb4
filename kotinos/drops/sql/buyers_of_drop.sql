-- How many buyers of a drop took how many units, from the ledger of holds; who was no named holder counts by key.
SELECT units, count(*)::int AS buyers
FROM (
    SELECT sum(hold.units)::int AS units
    FROM drops_drop AS a_drop
    JOIN drops_offer AS offer ON offer.drop_id = a_drop.id
    JOIN catalog_variant AS variant ON variant.product_id = offer.product_id
    JOIN stock_location AS place ON place.organisation_id = a_drop.seller_id
    JOIN stock_hold AS hold
        ON hold.variant_id = variant.id AND hold.location_id = place.id
        AND hold.held_at >= a_drop.opens_at AND hold.held_at < a_drop.closes_at
    WHERE a_drop.id = %(drop_id)s AND hold.ended_as = 'taken'
    GROUP BY coalesce(hold.holder, hold.key)
) AS buyer
GROUP BY units
ORDER BY units
