-- Records every notice once, and once what follows from it: a capture, a decline or the end of a refund, with its event.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(notice)s::text[], %(provider)s::text[], %(intent)s::uuid[], %(kind)s::text[],
        %(minor)s::bigint[], %(currency)s::text[], %(detail)s::text[],
        %(occurred_at)s::timestamptz[], %(received_at)s::timestamptz[]
    ) WITH ORDINALITY AS t (
        notice, provider, intent, kind, minor, currency, detail, occurred_at, received_at, position
    )
), known AS MATERIALIZED (
    SELECT id, provider, reference, amount_minor, currency
    FROM payments_intent WHERE id = ANY(%(intent)s::uuid[])
), word AS MATERIALIZED (
    SELECT DISTINCT ON (asked.provider, notice)
        asked.*, gen_random_uuid() AS id, reference, (minor, asked.currency) = (amount_minor, known.currency) AS is_whole
    FROM asked JOIN known ON known.id = intent AND known.provider = asked.provider
    ORDER BY asked.provider, notice, position
), written AS (
    -- Unique keys decide races: whoever comes second with a notice or a capture writes nothing.
    INSERT INTO payments_notice (
        id, provider, provider_notice_id, intent_id, kind, amount_minor, currency, detail,
        occurred_at, received_at
    )
    SELECT
        id, provider, notice, intent, kind, minor, currency, left(detail, 200), occurred_at,
        received_at
    FROM word
    ON CONFLICT (provider, provider_notice_id) DO NOTHING
    RETURNING id
), fresh AS MATERIALIZED (
    SELECT * FROM word WHERE id IN (SELECT id FROM written)
), captured AS (
    INSERT INTO payments_capture (intent_id, amount_minor, currency, at)
    SELECT DISTINCT ON (intent) intent, minor, currency, occurred_at
    FROM fresh WHERE kind = 'captured'
    ORDER BY intent, position
    ON CONFLICT (intent_id) DO NOTHING
    RETURNING intent_id, amount_minor AS minor, currency
), declined AS (
    -- A decline of what is already paid is late news, and changes nothing.
    INSERT INTO payments_decline (id, intent_id, reason, at)
    SELECT gen_random_uuid(), intent, left(detail, 200), occurred_at
    FROM fresh
    WHERE kind = 'declined'
        AND NOT EXISTS (SELECT 1 FROM payments_capture WHERE intent_id = intent)
    RETURNING intent_id
), ended AS (
    INSERT INTO payments_refundend (refund_id, outcome, at)
    SELECT refund.id, 'settled', fresh.received_at
    FROM fresh JOIN payments_refund AS refund
        ON refund.intent_id = fresh.intent AND refund.id::text = fresh.detail
    WHERE fresh.kind = 'refunded'
    ON CONFLICT (refund_id) DO NOTHING
    RETURNING refund_id
), news AS (
    SELECT 'payments.captured' AS kind, intent_id, minor, currency FROM captured
    UNION ALL
    SELECT 'payments.declined', fresh.intent, minor, currency
    FROM fresh JOIN declined ON declined.intent_id = fresh.intent
    WHERE fresh.kind = 'declined'
    UNION ALL
    SELECT 'payments.refunded', refund.intent_id, refund.amount_minor, refund.currency
    FROM ended JOIN payments_refund AS refund ON refund.id = ended.refund_id
), told AS (
    INSERT INTO kernel_outbox (id, kind, payload, happened_at, attempts, last_error)
    SELECT
        gen_random_uuid(), news.kind,
        jsonb_build_object(
            'reference', known.reference, 'intent', known.id,
            'minor', news.minor, 'currency', news.currency
        ),
        (SELECT max(received_at) FROM asked), 0, ''
    FROM news JOIN known ON known.id = news.intent_id
)
SELECT
    asked.position,
    known.reference,
    fresh.notice IS NULL AS again,
    coalesce(captured.intent_id IS NOT NULL AND fresh.is_whole, false) AS is_paid
FROM asked
LEFT JOIN known ON known.id = asked.intent AND known.provider = asked.provider
LEFT JOIN fresh ON fresh.position = asked.position
LEFT JOIN captured ON captured.intent_id = asked.intent AND fresh.kind = 'captured'
ORDER BY asked.position
