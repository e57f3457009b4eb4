"""Every metric by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.metrics import (
    attribution,
    dead,
    denied,
    drops,
    funnel,
    live,
    people,
    reach,
    sales,
    sessions,
    watching,
)

if TYPE_CHECKING:
    from kotinos.insight.metrics.metric import Metric

_ALL = (live, people, sessions, funnel, reach, sales, attribution, watching, denied, drops, dead)

METRICS: dict[str, Metric] = {metric.name: metric for part in _ALL for metric in part.METRICS}
