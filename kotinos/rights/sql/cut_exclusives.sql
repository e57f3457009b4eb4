-- An exclusive that ends early frees what lies after its end; a claim that would be empty goes.
WITH gone AS (
    DELETE FROM rights_exclusive_span
    WHERE grant_id = ANY(%(grants)s::uuid[])
        AND isempty(during * tstzrange(NULL, %(at)s, '[)'))
)
UPDATE rights_exclusive_span
SET during = during * tstzrange(NULL, %(at)s, '[)')
WHERE grant_id = ANY(%(grants)s::uuid[]) AND NOT isempty(during * tstzrange(NULL, %(at)s, '[)'))
