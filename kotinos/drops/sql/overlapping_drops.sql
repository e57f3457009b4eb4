-- Published drops, neither withdrawn nor ended, that sell one of some products at some time of a period; rehearsals do not count.
SELECT DISTINCT offer.product_id, other.slug
FROM drops_offer AS offer
JOIN drops_drop AS other ON other.id = offer.drop_id
WHERE offer.product_id = ANY(%(products)s::uuid[])
    AND (%(but)s::uuid IS NULL OR other.id <> %(but)s::uuid)
    AND other.rehearsal_of_id IS NULL
    AND tstzrange(other.opens_at, other.closes_at) && tstzrange(%(opens_at)s, %(closes_at)s)
    AND EXISTS (SELECT 1 FROM drops_state WHERE drop_id = other.id AND name = 'published')
    AND NOT EXISTS (
        SELECT 1 FROM drops_state
        WHERE drop_id = other.id AND name IN ('withdrawn', 'ended')
    )
ORDER BY other.slug
