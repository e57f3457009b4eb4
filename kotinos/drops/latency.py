"""A histogram of latencies that adds up over seconds and processes.

Bucket b holds latencies of 2^(b/4) to 2^((b+1)/4) microseconds, so a quantile read from it is
never more than 19 % too high, and a second of traffic is a few dozen numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STEPS = 4
BUCKET_MAX = 107  # 2^27 microseconds: two minutes, longer than any request lives


def bucket(seconds: float) -> int:
    """The bucket of one latency."""
    microseconds = seconds * 1_000_000
    return 0 if microseconds < 1 else min(BUCKET_MAX, int(STEPS * math.log2(microseconds)))


def merged(histograms: Iterable[Mapping[str, int]]) -> dict[int, int]:
    """The sum of histograms as they are stored (keys are text in JSON)."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for key, count in histogram.items():
            total[int(key)] = total.get(int(key), 0) + count
    return total


def quantile_ms(histogram: Mapping[int, int], share: float) -> float:
    """The upper edge, in milliseconds, of the bucket in which this share is reached; 0: empty."""
    wanted = share * sum(histogram.values())
    seen = 0
    for number in sorted(histogram):
        seen += histogram[number]
        if seen >= wanted > 0:
            return float(2 ** ((number + 1) / STEPS)) / 1000
    return 0.0
