-- How much is in one basket: always one row, so that the header of every page costs one index look-up.
SELECT count(*)::int AS lines, coalesce(sum(units), 0)::int AS units
FROM orders_basketline
WHERE basket_id = %(basket_id)s
