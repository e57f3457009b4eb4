-- Products whose words match the question in the reader's language or in English, best first, at most `hits_max`.
SELECT words.product_id, max(ts_rank(words.document, query.words)) AS rank
FROM catalog_product_text AS words
JOIN (
    VALUES
        (%(language)s::text, websearch_to_tsquery(%(config)s::regconfig, %(folded)s::text)),
        ('en', websearch_to_tsquery('english', %(folded_en)s::text))
) AS query (language, words) ON words.language = query.language
WHERE words.document @@ query.words
GROUP BY words.product_id
ORDER BY rank DESC, words.product_id
LIMIT %(hits_max)s::int
