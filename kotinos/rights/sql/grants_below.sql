-- A grant and every grant that rests on it, however far below.
WITH RECURSIVE down (id, property_id) AS (
    SELECT g.id, g.property_id FROM rights_grant g WHERE g.id = ANY(%(grants)s::uuid[])
    UNION
    SELECT g.id, g.property_id FROM rights_grant g JOIN down ON g.parent_id = down.id
)
SELECT id, property_id FROM down ORDER BY id
