-- Every territory's code and bit, as two arrays of one row: pages ask for it each time.
SELECT
    coalesce(array_agg(code ORDER BY code), '{}')::text[] AS codes,
    coalesce(array_agg(bit ORDER BY code), '{}')::int[] AS bits
FROM games_territory
