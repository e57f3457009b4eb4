-- Writes that orders are paid and confirmed, with their event, where nothing else has happened to them yet; which those are.
WITH found AS MATERIALIZED (
    SELECT id, territory, total_minor, currency
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
), told AS (
    INSERT INTO kernel_outbox (id, kind, payload, happened_at, attempts, last_error)
    SELECT
        gen_random_uuid(), 'orders.confirmed',
        jsonb_build_object(
            'order', id, 'territory', territory, 'minor', total_minor, 'currency', currency
        ),
        %(now)s, 0, ''
    FROM plain
)
SELECT id FROM plain
