-- Add what players told since the last time to the sums of each thing, territory and minute.
INSERT INTO channel_watching AS sums
    (subject, territory, minute, starts, seconds, seeks, stalls, rungs, ends)
SELECT * FROM unnest(
    %(subjects)s::text[], %(territories)s::text[], %(minutes)s::bigint[], %(starts)s::int[],
    %(seconds)s::int[], %(seeks)s::int[], %(stalls)s::int[], %(rungs)s::int[], %(ends)s::int[]
)
ON CONFLICT (subject, territory, minute) DO UPDATE SET
    starts = sums.starts + excluded.starts, seconds = sums.seconds + excluded.seconds,
    seeks = sums.seeks + excluded.seeks, stalls = sums.stalls + excluded.stalls,
    rungs = sums.rungs + excluded.rungs, ends = sums.ends + excluded.ends
RETURNING subject
