-- How often the quotes of some drops have changed.
SELECT drop_id, version FROM orders_fixed_sheet WHERE drop_id = ANY(%(drops)s::uuid[])
