-- Writes titles and descriptions with what search needs of them: title weighs most, then names, then the description.
INSERT INTO catalog_product_text AS words
    (id, product_id, language, title, description_html, folded, document)
SELECT
    id, product_id, language, title, description_html, folded,
    setweight(to_tsvector(config::regconfig, title_words), 'A')
        || setweight(to_tsvector(config::regconfig, names), 'B')
        || setweight(to_tsvector(config::regconfig, description_words), 'C')
FROM unnest(
    %(id)s::uuid[], %(product_id)s::uuid[], %(language)s::text[], %(title)s::text[],
    %(description_html)s::text[], %(folded)s::text[], %(config)s::text[],
    %(title_words)s::text[], %(names)s::text[], %(description_words)s::text[]
) AS t (
    id, product_id, language, title, description_html, folded, config,
    title_words, names, description_words
)
ON CONFLICT (product_id, language) DO UPDATE SET
    title = excluded.title,
    description_html = excluded.description_html,
    folded = excluded.folded,
    document = excluded.document
RETURNING words.product_id
