-- Gives an edition its hash key in a region, unless it has one or had one that was dropped.
INSERT INTO insight_hash_key (id, edition_id, region, secret, made_at)
VALUES (gen_random_uuid(), %(edition)s, %(region)s, decode(%(secret)s, 'hex'), %(now)s)
ON CONFLICT (edition_id, region) DO NOTHING
