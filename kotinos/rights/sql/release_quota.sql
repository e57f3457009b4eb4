-- Give back what a key spent, once; the grants that were spent and are not any more.
WITH spent AS (
    SELECT u.grant_id, u.units
    FROM rights_quota_use u
    WHERE u.key = %(key)s
        AND NOT EXISTS (
            SELECT FROM rights_quota_use r WHERE r.grant_id = u.grant_id AND r.key = %(back)s
        )
), locked AS (
    SELECT c.grant_id, c.used_units >= c.limit_units AS was_spent
    FROM rights_quota_counter c
    WHERE c.grant_id IN (SELECT grant_id FROM spent)
    ORDER BY c.grant_id
    FOR UPDATE
), ledger AS (
    INSERT INTO rights_quota_use (id, grant_id, key, units, at)
    SELECT gen_random_uuid(), spent.grant_id, %(back)s, -spent.units, %(now)s
    FROM spent JOIN locked USING (grant_id)
    ORDER BY spent.grant_id
    ON CONFLICT (grant_id, key) DO NOTHING
    RETURNING grant_id, units
), counted AS (
    UPDATE rights_quota_counter c
    SET used_units = c.used_units + ledger.units
    FROM ledger
    WHERE c.grant_id = ledger.grant_id
    RETURNING c.grant_id
)
SELECT locked.grant_id, locked.was_spent
FROM counted JOIN locked USING (grant_id)
ORDER BY locked.grant_id
