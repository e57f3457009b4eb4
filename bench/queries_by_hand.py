"""The same questions as somebody who knows DuckDB well would ask them, without our definitions.

Each is the fastest of the ways that were tried on 20,000,000 events. The files are one edition and
its whole days, so nothing is said of either; `{events}` and the like become `read_parquet([...])`.
"""

from __future__ import annotations

DAILY_ACTIVES = """
SELECT day, count(*)
FROM (SELECT DISTINCT day, person FROM {events} WHERE NOT bot AND person IS NOT NULL)
GROUP BY day ORDER BY day
"""

MONTHLY_ACTIVES = """
SELECT month, count(*)
FROM (
    SELECT DISTINCT date_trunc('month', day) AS month, person
    FROM {events} WHERE NOT bot AND person IS NOT NULL
)
GROUP BY month ORDER BY month
"""

RETENTION = """
WITH visits AS (SELECT DISTINCT person, day FROM {events} WHERE NOT bot AND person IS NOT NULL),
since AS (SELECT day, min(day) OVER (PARTITION BY person) AS first_day FROM visits),
counts AS (
    SELECT first_day, day - first_day AS after_days, count(*) AS people
    FROM since WHERE day - first_day <= 28 GROUP BY first_day, after_days
)
SELECT first_day, after_days, people, max(people) OVER (PARTITION BY first_day)
FROM counts ORDER BY first_day, after_days
"""

SESSIONS = """
WITH gaps AS (
    SELECT person, day, epoch_us(occurred_at) AS us,
        lag(us) OVER (PARTITION BY person ORDER BY us) AS before,
        lead(us) OVER (PARTITION BY person ORDER BY us) AS after
    FROM {events} WHERE NOT bot AND person IS NOT NULL
),
edges AS (
    SELECT person, day, us,
        coalesce(us - before > 1800000000, true) AS begins,
        coalesce(after - us > 1800000000, true) AS ends
    FROM gaps
),
paired AS (
    SELECT day, begins, ends, us,
        lead(us) OVER (PARTITION BY person ORDER BY us, begins DESC) AS over_at
    FROM edges WHERE begins OR ends
),
lasted AS (
    SELECT day, CASE WHEN ends THEN 0 ELSE (over_at - us) // 1000 END AS ms
    FROM paired WHERE begins
)
SELECT day, count(*), sum(ms) // count(*), quantile_disc(ms, 0.5)
FROM lasted GROUP BY day ORDER BY day
"""

# For each step the latest row of the step before: DuckDB has a join for that.
FUNNEL = """
WITH steps AS MATERIALIZED (
    SELECT person, epoch_us(occurred_at) AS us, name
    FROM {events}
    WHERE NOT bot AND person IS NOT NULL AND name IN
        ('Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed')
),
viewed AS MATERIALIZED (SELECT person, us FROM steps WHERE name = 'Product Viewed'),
added AS MATERIALIZED (
    SELECT step.person, step.us, led.us AS start
    FROM (SELECT person, us FROM steps WHERE name = 'Product Added') AS step
    ASOF JOIN viewed AS led ON step.person = led.person AND step.us > led.us
    WHERE step.us - led.us <= 604800000000
),
checkout AS MATERIALIZED (
    SELECT step.person, step.us, led.start
    FROM (SELECT person, us FROM steps WHERE name = 'Checkout Started') AS step
    ASOF JOIN added AS led ON step.person = led.person AND step.us > led.us
    WHERE step.us - led.start <= 604800000000
),
ordered AS MATERIALIZED (
    SELECT step.person, step.us, led.start
    FROM (SELECT person, us FROM steps WHERE name = 'Order Completed') AS step
    ASOF JOIN checkout AS led ON step.person = led.person AND step.us > led.us
    WHERE step.us - led.start <= 604800000000
),
counts AS (
    SELECT 1 AS step, 'Product Viewed' AS name, count(DISTINCT person) AS people FROM viewed
    UNION ALL SELECT 2, 'Product Added', count(DISTINCT person) FROM added
    UNION ALL SELECT 3, 'Checkout Started', count(DISTINCT person) FROM checkout
    UNION ALL SELECT 4, 'Order Completed', count(DISTINCT person) FROM ordered
)
SELECT step, name, people, people * 10000 // max(people) OVER () FROM counts ORDER BY step
"""

SALES_BY_NOC_TERRITORY = """
SELECT noc, territory, currency,
    count(DISTINCT "order") FILTER (units > 0), sum(units), sum(minor)
FROM {sales} GROUP BY noc, territory, currency ORDER BY noc, territory, currency
"""

TOP_PRODUCTS = """
SELECT product, max(title), max(noc), currency, sum(units) AS units, sum(minor) AS minor
FROM {sales} GROUP BY product, currency
ORDER BY units DESC, minor DESC, product, currency LIMIT 20
"""

LIVE_WINDOWS = """
WITH parts AS (
    SELECT epoch_us(occurred_at) // 300000000 AS w, count(*) FILTER (NOT bot) AS events,
        count(DISTINCT person) FILTER (NOT bot) AS people,
        0 AS watched_s, 0 AS orders, 0 AS units, 0 AS refused
    FROM {events} GROUP BY w
    UNION ALL
    SELECT epoch_us(occurred_at) // 300000000 AS w, 0, 0, sum(seconds), 0, 0, 0
    FROM {watching} GROUP BY w
    UNION ALL
    SELECT epoch_us(occurred_at) // 300000000 AS w, 0, 0, 0, count(DISTINCT "order"), sum(units), 0
    FROM {sales} WHERE units > 0 GROUP BY w
    UNION ALL
    SELECT epoch_us(occurred_at) // 300000000 AS w, 0, 0, 0, 0, 0, count(*) FILTER (NOT bot)
    FROM {refusals} GROUP BY w
)
SELECT w * 300000000, sum(events), sum(people), sum(watched_s), sum(orders), sum(units),
    sum(refused)
FROM parts GROUP BY w ORDER BY w
"""

DENIED_DEMAND = """
SELECT noc, territory, reason, property, currency, count(*), count(DISTINCT work), sum(minor)
FROM {refusals} WHERE NOT bot
GROUP BY noc, territory, reason, property, currency
ORDER BY noc, territory, reason, property, currency
"""

CONVERSION = """
WITH once AS (
    SELECT territory, person, bool_or(name = 'Order Completed') AS bought
    FROM {events} WHERE NOT bot AND person IS NOT NULL GROUP BY territory, person
)
SELECT territory, count(*), count(*) FILTER (bought),
    count(*) FILTER (bought) * 10000 // count(*)
FROM once GROUP BY territory ORDER BY territory
"""

CONCURRENT_VIEWERS = """
SELECT epoch_us(occurred_at) // 60000000 * 60000000 AS minute, count(DISTINCT "view")
FROM {watching} GROUP BY minute ORDER BY minute
"""

COMPLETION = """
WITH views AS (
    SELECT subject, "view", bool_or(kind = 'start') AS started, bool_or(kind = 'end') AS ended
    FROM {watching} WHERE kind IN ('start', 'end') GROUP BY subject, "view"
)
SELECT subject, count(*), count(*) FILTER (ended), count(*) FILTER (ended) * 10000 // count(*)
FROM views WHERE started GROUP BY subject ORDER BY subject
"""

BY_HAND = {
    "daily_actives": DAILY_ACTIVES,
    "funnel": FUNNEL,
    "sales_by_noc_territory": SALES_BY_NOC_TERRITORY,
    "top_products": TOP_PRODUCTS,
    "live_windows": LIVE_WINDOWS,
    "denied_demand": DENIED_DEMAND,
    "monthly_actives": MONTHLY_ACTIVES,
    "retention": RETENTION,
    "sessions": SESSIONS,
    "conversion": CONVERSION,
    "concurrent_viewers": CONCURRENT_VIEWERS,
    "completion": COMPLETION,
}
