-- Spend units under some grants and every grant above them, all or nothing, once for each key.
-- Counters are locked in key order, so that parallel spenders wait and never overspend.
WITH RECURSIVE asked AS (
    SELECT u.grant_id, u.units
    FROM unnest(%(grants)s::uuid[], %(units)s::bigint[]) AS u (grant_id, units)
), climb (grant_id, parent_id, units) AS (
    SELECT g.id, g.parent_id, asked.units FROM asked JOIN rights_grant g ON g.id = asked.grant_id
    UNION ALL
    SELECT g.id, g.parent_id, climb.units FROM climb JOIN rights_grant g ON g.id = climb.parent_id
), wanted AS (
    SELECT c.grant_id, sum(climb.units)::bigint AS units
    FROM climb JOIN rights_quota_counter c ON c.grant_id = climb.grant_id
    GROUP BY c.grant_id
), locked AS (
    SELECT c.grant_id, c.limit_units - c.used_units AS free
    FROM rights_quota_counter c
    WHERE c.grant_id IN (SELECT grant_id FROM wanted)
    ORDER BY c.grant_id
    FOR UPDATE
), before AS (
    SELECT u.grant_id FROM rights_quota_use u JOIN wanted USING (grant_id) WHERE u.key = %(key)s
), short AS (
    SELECT wanted.grant_id FROM wanted JOIN locked USING (grant_id) WHERE locked.free < wanted.units
), ledger AS (
    INSERT INTO rights_quota_use (id, grant_id, key, units, at)
    SELECT gen_random_uuid(), wanted.grant_id, %(key)s, wanted.units, %(now)s
    FROM wanted
    WHERE NOT EXISTS (SELECT FROM short) AND NOT EXISTS (SELECT FROM before)
    ORDER BY wanted.grant_id
    ON CONFLICT (grant_id, key) DO NOTHING
    RETURNING grant_id, units
), counted AS (
    UPDATE rights_quota_counter c
    SET used_units = c.used_units + ledger.units
    FROM ledger
    WHERE c.grant_id = ledger.grant_id
    RETURNING c.grant_id, c.used_units >= c.limit_units AS is_spent
)
SELECT
    EXISTS (SELECT FROM before) AS is_repeat,
    ARRAY(SELECT grant_id FROM short ORDER BY grant_id) AS short,
    ARRAY(SELECT grant_id FROM counted WHERE is_spent ORDER BY grant_id) AS now_spent
