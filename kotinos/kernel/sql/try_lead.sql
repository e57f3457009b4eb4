-- Whether this connection leads now: the first to ask does, for as long as it lives.
SELECT pg_try_advisory_lock(hashtextextended(%(name)s, 0)) AS leads
