-- Those of some variants that a published drop, neither withdrawn nor ended nor over, keeps for itself; rehearsals keep nothing.
SELECT DISTINCT ON (variant.id) variant.id AS variant_id, a_drop.slug
FROM catalog_variant AS variant
JOIN drops_offer AS offer ON offer.product_id = variant.product_id
JOIN drops_drop AS a_drop ON a_drop.id = offer.drop_id
WHERE variant.id = ANY(%(variants)s::uuid[])
    AND a_drop.rehearsal_of_id IS NULL
    AND a_drop.closes_at > %(now)s::timestamptz
    AND EXISTS (SELECT 1 FROM drops_state WHERE drop_id = a_drop.id AND name = 'published')
    AND NOT EXISTS (
        SELECT 1 FROM drops_state
        WHERE drop_id = a_drop.id AND name IN ('withdrawn', 'ended')
    )
ORDER BY variant.id, a_drop.opens_at
