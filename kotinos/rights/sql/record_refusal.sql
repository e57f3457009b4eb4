-- A refusal that a visitor met counts once for a session, work, territory and reason.
INSERT INTO rights_refusal (
    work_id, seller_id, territory, reason, property, blocking, value_minor, currency, session_key,
    bot, met_at
)
VALUES (
    %(work)s, %(seller)s, %(territory)s, %(reason)s, %(property)s, %(blocking)s, %(value_minor)s,
    %(currency)s, %(session_key)s, %(bot)s, %(now)s
)
ON CONFLICT (session_key, work_id, territory, reason) DO NOTHING
RETURNING id
