-- Writes down what is to be paid, one intent for every key; a key written before keeps its first.
INSERT INTO payments_intent (
    id, key, reference, provider, amount_minor, currency, description, language, return_url,
    created_at
)
SELECT *
FROM unnest(
    %(id)s::uuid[], %(key)s::text[], %(reference)s::text[], %(provider)s::text[],
    %(amount_minor)s::bigint[], %(currency)s::text[], %(description)s::text[],
    %(language)s::text[], %(return_url)s::text[], %(created_at)s::timestamptz[]
)
ON CONFLICT (key) DO NOTHING
