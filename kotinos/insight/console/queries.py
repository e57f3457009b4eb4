"""Questions to begin with. They are SQL of DuckDB over the tables of the lake."""

from __future__ import annotations

EXAMPLES: tuple[tuple[str, str], ...] = (
    (
        "What was sold, by committee and territory",
        """SELECT noc, territory, sum(units) AS units, sum(minor) AS minor, currency
FROM sales
GROUP BY ALL
ORDER BY units DESC, ALL
LIMIT 50""",
    ),
    (
        "What was refused most, and why",
        """SELECT property, reason, territory, count(*) AS wishes
FROM refusals
WHERE NOT bot
GROUP BY ALL
ORDER BY wishes DESC, ALL
LIMIT 50""",
    ),
    (
        "Events by day and name",
        """SELECT day, name, count(*) AS events
FROM events
GROUP BY ALL
ORDER BY ALL""",
    ),
    (
        "Minutes watched, by day and programme",
        """SELECT day, subject, sum(seconds) // 60 AS minutes
FROM watching
GROUP BY ALL
ORDER BY ALL""",
    ),
)
