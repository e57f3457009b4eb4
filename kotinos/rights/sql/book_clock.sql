-- When the book was last changed; no row where it never was.
SELECT recorded_at FROM rights_book_clock WHERE id = 1
