-- Places one order for every key whose units are held, while its quote is open and both its rights stand; a key placed before gets its order.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(key)s::uuid[], %(quote)s::uuid[], %(units)s::int[], %(number)s::text[],
        %(intent)s::uuid[], %(email)s::text[], %(address)s::jsonb[], %(language)s::text[],
        %(person)s::uuid[], %(placed_at)s::timestamptz[], %(hold_until)s::timestamptz[]
    ) WITH ORDINALITY AS t (
        key, quote, units, number, intent, email, address, language, person, placed_at,
        hold_until, position
    )
), known AS MATERIALIZED (
    SELECT id AS key, number, intent_id AS intent, total_minor, currency, hold_until
    FROM orders_order WHERE id = ANY(%(key)s::uuid[])
), quote AS MATERIALIZED (
    SELECT fixed.*
    FROM orders_fixed_quote AS fixed JOIN rights_work AS work ON work.id = fixed.work_id
    WHERE fixed.id = ANY(%(quote)s::uuid[]) AND fixed.closed_at IS NULL
        AND 2 = (
            -- The use's bit, and the chain that its recorded decision named.
            SELECT count(*)
            FROM (VALUES (%(sell_use)s::int, sell_chain), (%(ship_use)s::int, ship_chain))
                AS wanted (use, chain)
            WHERE EXISTS (
                SELECT 1
                FROM rights_clearance AS clearance
                WHERE clearance.property_set_id = work.property_set_id
                    AND clearance.seller_id = fixed.cleared_seller_id
                    AND clearance.delay_minutes = 0
                    AND clearance.chain = wanted.chain
                    AND clearance.valid @> (SELECT max(placed_at) FROM asked)
                    AND get_bit(clearance.uses, wanted.use) = 1
                    AND get_bit(clearance.mask, fixed.territory_bit) = 1
            )
        )
), fresh AS MATERIALIZED (
    SELECT DISTINCT ON (key)
        asked.*,
        gen_random_uuid() AS shipment,
        quote.variant_id, quote.seller_id, quote.location_id, quote.territory, quote.work_id,
        quote.sell_decision_id, quote.ship_decision_id, quote.currency, quote.unit_price_minor,
        quote.tax_included, quote.options, quote.sku, quote.handle, quote.picture_key,
        coalesce(quote.titles->>asked.language, quote.titles->>'en') AS title,
        (quote.totals_minor->(units - 1)->>0)::bigint AS goods,
        (quote.totals_minor->(units - 1)->>1)::bigint AS shipping,
        (quote.totals_minor->(units - 1)->>2)::bigint AS tax,
        (quote.totals_minor->(units - 1)->>3)::bigint AS total
    FROM asked JOIN quote ON quote.id = asked.quote
    WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.key = asked.key)
    ORDER BY key, position
), ordered AS (
    INSERT INTO orders_order (
        id, number, person_id, email, address, language, territory, currency, goods_minor,
        shipping_minor, tax_minor, tax_included, total_minor, quota_units, intent_id, placed_at,
        hold_until
    )
    SELECT
        key, number, person, email, address, language, territory, currency, goods, shipping, tax,
        tax_included, total, '{}'::jsonb, intent, placed_at, hold_until
    FROM fresh
), shipped AS (
    INSERT INTO orders_shipment (id, order_id, seller_id, location_id)
    SELECT shipment, key, seller_id, location_id FROM fresh
), lined AS (
    INSERT INTO orders_orderline (
        id, order_id, shipment_id, position, variant_id, seller_id, work_id, units,
        unit_price_minor, title, options, sku, handle, picture_key, sell_decision_id,
        ship_decision_id
    )
    SELECT
        gen_random_uuid(), key, shipment, 1, variant_id, seller_id, work_id, units,
        unit_price_minor, title, options, sku, handle, picture_key, sell_decision_id,
        ship_decision_id
    FROM fresh
)
SELECT
    asked.position,
    coalesce(known.number, fresh.number) AS number,
    coalesce(known.intent, fresh.intent) AS intent,
    coalesce(known.total_minor, fresh.total) AS total_minor,
    coalesce(known.currency, fresh.currency) AS currency,
    coalesce(known.hold_until, fresh.hold_until) AS hold_until,
    fresh.position IS DISTINCT FROM asked.position AS again
FROM asked LEFT JOIN known USING (key) LEFT JOIN fresh USING (key)
ORDER BY asked.position
