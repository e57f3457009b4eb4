-- Lets batches that may hold for the same holders follow each other, until this transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(scope::text, 0))
FROM (SELECT DISTINCT unnest(%(scope)s::uuid[]) AS scope ORDER BY 1) AS each
