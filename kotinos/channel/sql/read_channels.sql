-- Linear channels with their edition's licensee and slates, and the last checkpoint at or before a tick.
SELECT
    channel.id, channel.code, edition.code AS edition, edition.licensee_id, edition.languages,
    channel.slate_elsewhere_id, channel.slate_pause_id,
    coalesce(mark.tick, 0) AS checkpoint_tick, coalesce(mark.changes, 0) AS checkpoint_changes
FROM channel_linear AS channel
JOIN channel_edition AS edition ON edition.code = channel.edition_id
LEFT JOIN LATERAL (
    SELECT tick, changes FROM channel_checkpoint
    WHERE channel_id = channel.id AND tick <= %(tick)s::int
    ORDER BY tick DESC LIMIT 1
) AS mark ON true
ORDER BY channel.code
