-- All that all processes ever saw of a drop, its busiest seconds, and the second in which nothing was free for the first time.
WITH by_second AS (
    SELECT
        second,
        sum(arrivals) AS arrivals, sum(admissions) AS admissions, sum(holds) AS holds,
        sum(orders) AS orders, min(units_free) AS units_free
    FROM drops_pulse WHERE drop_id = %(drop_id)s GROUP BY second
)
SELECT
    coalesce(sum(arrivals), 0)::bigint AS arrivals,
    coalesce(sum(admissions), 0)::bigint AS admissions,
    coalesce(sum(holds), 0)::bigint AS holds,
    coalesce(sum(orders), 0)::bigint AS orders,
    coalesce(max(arrivals), 0)::bigint AS arrivals_peak,
    coalesce(max(orders), 0)::bigint AS orders_peak,
    min(second) FILTER (WHERE arrivals > 0) AS first_second,
    max(second) FILTER (WHERE arrivals + admissions + holds + orders > 0) AS last_second,
    min(second) FILTER (WHERE units_free <= 0 AND second >= %(opens_second)s::bigint)
        AS sold_out_second,
    (
        SELECT coalesce(json_object_agg(code, count), '{}') FROM (
            SELECT each.key AS code, sum(each.value::bigint) AS count
            FROM drops_pulse, jsonb_each_text(refused) AS each
            WHERE drop_id = %(drop_id)s GROUP BY each.key
        ) AS codes
    ) AS refused,
    (
        SELECT coalesce(json_object_agg(bucket, count), '{}') FROM (
            SELECT each.key AS bucket, sum(each.value::bigint) AS count
            FROM drops_pulse, jsonb_each_text(latency) AS each
            WHERE drop_id = %(drop_id)s GROUP BY each.key
        ) AS buckets
    ) AS latency
FROM by_second
