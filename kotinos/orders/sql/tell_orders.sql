-- Leaves the news that orders are confirmed or refunded, with what was sold in each: no lines where nothing ever was.
WITH asked AS MATERIALIZED (
    SELECT
        id, basket_id, territory, total_minor, currency,
        EXISTS (
            SELECT 1 FROM orders_state AS state
            WHERE state.order_id = orders_order.id AND state.name = 'confirmed'
        ) AS is_sold
    FROM orders_order
    WHERE id = ANY(%(orders)s::uuid[])
), line AS MATERIALIZED (
    -- Row by row along primary keys: a drop's batch has many lines and few products.
    SELECT
        line.order_id, line.position, line.id, product.edition,
        (
            SELECT to_jsonb(said)
            FROM (
                SELECT
                    line.position, line.seller_id AS seller, product.team AS noc, product.edition,
                    line.work_id AS work, line.handle AS product, line.sku, line.title,
                    -- The seller's own grant stands last in the chain that the sale rests on.
                    coalesce(decision.chain[cardinality(decision.chain)]::text, '') AS grant,
                    line.via, coalesce(hot.slug, '') AS drop, line.units,
                    line.units * line.unit_price_minor AS minor
            ) AS said
        ) AS said
    FROM asked
    JOIN orders_orderline AS line ON line.order_id = asked.id
    JOIN catalog_variant AS variant ON variant.id = line.variant_id
    JOIN catalog_product AS product ON product.id = variant.product_id
    JOIN rights_decision AS decision ON decision.id = line.sell_decision_id
    LEFT JOIN LATERAL (
        -- Without a basket it was bought in a drop, whose quotes have decisions of their own.
        SELECT sale.slug
        FROM orders_fixed_quote AS quote JOIN drops_drop AS sale ON sale.id = quote.drop_id
        WHERE quote.sell_decision_id = line.sell_decision_id
        LIMIT 1
    ) AS hot ON asked.basket_id IS NULL
    WHERE asked.is_sold
), sold AS MATERIALIZED (
    SELECT
        order_id, jsonb_agg(said ORDER BY position, id) AS lines,
        CASE WHEN min(edition) = max(edition) THEN min(edition) ELSE '' END AS edition
    FROM line
    GROUP BY order_id
)
INSERT INTO kernel_outbox (id, kind, payload, happened_at, attempts, last_error)
SELECT
    gen_random_uuid(), news.kind,
    jsonb_build_object(
        'order', asked.id, 'territory', asked.territory, 'minor', asked.total_minor,
        'currency', asked.currency, 'edition', coalesce(sold.edition, ''),
        'lines', coalesce(sold.lines, '[]'::jsonb)
    ),
    %(now)s, 0, ''
FROM asked
JOIN (VALUES ('confirmed', 'orders.confirmed'), ('refunded', 'orders.refunded'))
    AS news (state, kind) ON news.state = %(state)s::text
LEFT JOIN sold ON sold.order_id = asked.id
RETURNING id
