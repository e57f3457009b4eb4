-- One writer of the book at a time, until its transaction ends; each gets a later moment than the
-- one before, so that "known at that moment" never changes afterwards, whatever the clocks say.
INSERT INTO rights_book_clock (id, recorded_at)
VALUES (1, %(now)s)
ON CONFLICT (id) DO UPDATE
SET recorded_at = greatest(
    excluded.recorded_at, rights_book_clock.recorded_at + interval '1 microsecond'
)
RETURNING recorded_at
