-- One writer of the book at a time, until its transaction ends: a recompilation then sees all.
SELECT pg_advisory_xact_lock(%(key)s)
