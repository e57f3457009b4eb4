-- Every edition's name by its code.
SELECT code, name FROM games_edition ORDER BY starts_on DESC
