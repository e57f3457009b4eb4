-- Free units of some variants, summed over the locations of each organisation.
SELECT level.variant_id, location.organisation_id, sum(level.on_hand - level.held)::int AS free
FROM stock_level AS level
JOIN stock_location AS location ON location.id = level.location_id
WHERE level.variant_id = ANY(%(variants)s::uuid[])
GROUP BY level.variant_id, location.organisation_id
