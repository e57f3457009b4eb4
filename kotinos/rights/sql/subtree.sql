-- Some properties and everything below them.
WITH RECURSIVE down (id) AS (
    SELECT p.id FROM rights_property p WHERE p.id = ANY(%(properties)s::uuid[])
    UNION
    SELECT p.id FROM rights_property p JOIN down ON p.parent_id = down.id
)
SELECT ARRAY(SELECT id FROM down ORDER BY id) AS properties
