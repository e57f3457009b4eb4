-- The ledger's sums, and which of some segments are in them: one statement, so one moment.
SELECT
    coalesce(sum(accepted), 0)::bigint AS accepted,
    coalesce(sum(queryable), 0)::bigint AS queryable,
    coalesce(sum(duplicates), 0)::bigint AS duplicates,
    coalesce(sum(dead), 0)::bigint AS dead,
    coalesce(sum(erased), 0)::bigint AS erased,
    coalesce(sum(expired), 0)::bigint AS expired,
    (
        SELECT coalesce(array_agg(name), '{}') FROM insight_segment
        WHERE name = ANY(%(segments)s::text[])
    ) AS consumed
FROM insight_ledger
WHERE %(edition)s = '' OR edition = %(edition)s
