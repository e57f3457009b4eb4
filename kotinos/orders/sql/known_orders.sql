-- Which of these keys have an order.
SELECT id FROM orders_order WHERE id = ANY(%(keys)s::uuid[])
