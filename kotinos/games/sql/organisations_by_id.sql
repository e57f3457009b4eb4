-- The organisations with these ids, by code: what a list of cards needs of its sellers.
SELECT id, code, kind, name FROM games_organisation
WHERE id = ANY(%(ids)s::uuid[])
ORDER BY code
