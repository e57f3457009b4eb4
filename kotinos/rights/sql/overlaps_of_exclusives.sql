-- Where the spans of a draft would overlap those in the table, exactly, one row each.
SELECT
    t.grant_id,
    t.property_id,
    (t.acts * s.acts::int4multirange)::text AS acts,
    (t.outlets * s.outlets::int4multirange)::text AS outlets,
    (t.territories * s.territories::int4multirange)::text AS territories,
    lower(t.during * s.during) AS from_at,
    upper(t.during * s.during) AS until_at
FROM unnest(
    %(properties)s::uuid[], %(acts)s::text[], %(outlets)s::text[], %(territories)s::text[],
    %(from_ats)s::timestamptz[], %(until_ats)s::timestamptz[]
) AS raw (property_id, acts, outlets, territories, from_at, until_at)
CROSS JOIN LATERAL (
    SELECT raw.property_id, raw.acts, raw.outlets, raw.territories,
        tstzrange(raw.from_at, raw.until_at, '[)') AS during
) AS s
JOIN rights_exclusive_span t
    ON t.scope = %(scope)s AND t.grantee_id <> %(grantee)s AND t.property_id = s.property_id
    AND t.acts && s.acts::int4multirange AND t.outlets && s.outlets::int4multirange
    AND t.territories && s.territories::int4multirange AND t.during && s.during
ORDER BY t.grant_id, t.property_id, from_at
