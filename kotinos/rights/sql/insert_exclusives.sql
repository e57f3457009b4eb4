-- Claim the spans of an exclusive grant; one that overlaps another's claim gets no row back.
-- A claim still in another transaction is waited for, so two signers at once cannot both succeed.
INSERT INTO rights_exclusive_span
    (grant_id, scope, grantee_id, property_id, acts, outlets, territories, during)
SELECT
    %(grant)s, %(scope)s, %(grantee)s, s.property_id, s.acts::int4multirange,
    s.outlets::int4multirange, s.territories::int4multirange, tstzrange(s.from_at, s.until_at, '[)')
FROM unnest(
    %(properties)s::uuid[], %(acts)s::text[], %(outlets)s::text[], %(territories)s::text[],
    %(from_ats)s::timestamptz[], %(until_ats)s::timestamptz[]
) AS s (property_id, acts, outlets, territories, from_at, until_at)
ORDER BY s.property_id, s.from_at
ON CONFLICT DO NOTHING
RETURNING id
