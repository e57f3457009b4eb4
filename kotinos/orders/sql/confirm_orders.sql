-- Writes that orders are paid and confirmed where nothing else has happened to them yet; which those are.
WITH found AS MATERIALIZED (
    SELECT id
    FROM orders_order
    WHERE id = ANY(%(orders)s::uuid[])
    ORDER BY id
    FOR UPDATE
), plain AS MATERIALIZED (
    SELECT found.*
    FROM found
    WHERE NOT EXISTS (SELECT 1 FROM orders_state WHERE order_id = found.id)
), stated AS (
    INSERT INTO orders_state (id, order_id, name, at, detail)
    SELECT gen_random_uuid(), plain.id, each.name, %(now)s, ''
    FROM plain CROSS JOIN (VALUES ('paid'), ('confirmed')) AS each (name)
)
SELECT id FROM plain
