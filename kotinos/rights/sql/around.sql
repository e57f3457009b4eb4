-- All that decides about some properties: they, all above them, their grants, all grants above.
WITH RECURSIVE grants_up(id, parent_id, property_id) AS (
    SELECT g.id, g.parent_id, g.property_id
    FROM rights_grant g
    WHERE g.id = ANY(%(grants)s::uuid[]) OR (
        %(sellers)s::uuid[] IS NULL OR g.grantee_id = ANY(%(sellers)s::uuid[])
    ) AND g.property_id IN (
        WITH RECURSIVE up(id, parent_id) AS (
            SELECT p.id, p.parent_id FROM rights_property p WHERE p.id = ANY(%(properties)s::uuid[])
            UNION
            SELECT p.id, p.parent_id FROM rights_property p JOIN up ON p.id = up.parent_id
        )
        SELECT id FROM up
    )
    UNION
    SELECT g.id, g.parent_id, g.property_id
    FROM rights_grant g JOIN grants_up ON g.id = grants_up.parent_id
), properties_up(id, parent_id) AS (
    SELECT p.id, p.parent_id
    FROM rights_property p
    WHERE p.id = ANY(%(properties)s::uuid[]) OR p.id IN (SELECT property_id FROM grants_up)
    UNION
    SELECT p.id, p.parent_id
    FROM rights_property p JOIN properties_up ON p.id = properties_up.parent_id
)
SELECT
    ARRAY(SELECT id FROM grants_up) AS grants,
    ARRAY(SELECT id FROM properties_up) AS properties
