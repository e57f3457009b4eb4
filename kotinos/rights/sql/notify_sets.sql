-- News of changed property sets, delivered to every listener when this transaction commits.
SELECT pg_notify(%(channel)s, %(sets)s)
