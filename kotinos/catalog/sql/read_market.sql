-- The market a territory belongs to; no row for a territory in which nothing is sold.
SELECT
    market.id, market.code, market.names, market.currency,
    market.tax_inclusive, market.tax_basis_points, market.price_bands_minor
FROM catalog_market_territory AS belongs
JOIN catalog_market AS market ON market.id = belongs.market_id
WHERE belongs.territory = %(territory)s
