-- The open quotes of one drop.
SELECT
    id, variant_id, territory, location_id, currency, totals_minor
FROM orders_fixed_quote
WHERE drop_id = %(drop)s AND closed_at IS NULL
