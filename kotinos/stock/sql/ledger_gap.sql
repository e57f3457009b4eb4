-- Units by which counters and ledgers differ, summed over all levels: 0 is the promise.
WITH moved AS (
    SELECT variant_id, location_id, sum(units) AS units
    FROM stock_movement GROUP BY variant_id, location_id
), held AS (
    SELECT variant_id, location_id, sum(units) AS units
    FROM stock_hold WHERE ended_as IS NULL GROUP BY variant_id, location_id
), open_with_end AS (
    SELECT count(*) AS holds
    FROM stock_hold AS hold LEFT JOIN stock_hold_end AS hold_end ON hold_end.hold_id = hold.id
    WHERE hold.ended_as IS DISTINCT FROM hold_end.kind
)
SELECT (
    coalesce(sum(
        abs(coalesce(level.on_hand, 0) - coalesce(moved.units, 0))
        + abs(coalesce(level.held, 0) - coalesce(held.units, 0))
    ), 0) + (SELECT holds FROM open_with_end)
)::bigint AS units
FROM stock_level AS level
FULL JOIN moved USING (variant_id, location_id)
FULL JOIN held USING (variant_id, location_id)
