-- Gives back a lead taken with try_lead on this connection; false where it had none.
SELECT pg_advisory_unlock(hashtextextended(%(name)s, 0)) AS led
