-- Live sources that are to be listened to at this instant.
SELECT id, code, protocol, port, key
FROM channel_live_source
WHERE enabled_from <= %(now)s AND (enabled_until IS NULL OR enabled_until > %(now)s)
ORDER BY code
