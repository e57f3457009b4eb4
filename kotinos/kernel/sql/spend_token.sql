-- The first to spend a token gets a row, every other one none: the primary key decides.
INSERT INTO kernel_spent_token (token_id, spent_at, expires_at)
VALUES (%(token_id)s, %(now)s, %(expires_at)s)
ON CONFLICT (token_id) DO NOTHING
RETURNING token_id
