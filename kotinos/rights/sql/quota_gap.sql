-- How many quota counters differ from the sum of their ledger: 0 is promised.
SELECT count(*) AS gap
FROM rights_quota_counter c
LEFT JOIN (
    SELECT grant_id, sum(units) AS units FROM rights_quota_use GROUP BY grant_id
) l USING (grant_id)
WHERE c.used_units <> coalesce(l.units, 0)
