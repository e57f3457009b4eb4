-- The property sets that use any of some properties or anything below them, with their members.
WITH RECURSIVE down (id) AS (
    SELECT p.id FROM rights_property p WHERE p.id = ANY(%(properties)s::uuid[])
    UNION
    SELECT p.id FROM rights_property p JOIN down ON p.parent_id = down.id
)
SELECT m.property_set_id, array_agg(m.property_id ORDER BY m.property_id) AS properties
FROM rights_property_set_member m
WHERE m.property_set_id IN (
    SELECT t.property_set_id FROM rights_property_set_member t JOIN down ON down.id = t.property_id
)
GROUP BY m.property_set_id
ORDER BY m.property_set_id
