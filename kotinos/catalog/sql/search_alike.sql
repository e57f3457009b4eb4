-- Products whose words look like the question's words, each in its own measure, for readers who misspell; at most `hits_max`.
SELECT words.product_id, max(alike.likeness) AS rank
FROM catalog_product_text AS words
CROSS JOIN LATERAL (
    SELECT avg(word_similarity(term, words.folded)) AS likeness
    FROM unnest(%(terms)s::text[]) AS term
) AS alike
WHERE words.language IN (%(language)s, 'en') AND alike.likeness >= %(likeness_min)s::float8
GROUP BY words.product_id
ORDER BY rank DESC, words.product_id
LIMIT %(hits_max)s::int
