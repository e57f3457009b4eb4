-- Waits until nobody else has this turn, and keeps it until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))
