"""The rule itself: what may be done, by whom, with what, where and when.

`decide` is the specification. It reads one fact after another and may be slow; the compiled
clearance is only ever right by being equal to it.
"""

from __future__ import annotations

from kotinos.rights.decide.answer import decide, verdict
from kotinos.rights.decide.standing import Standing, standing_at

__all__ = ["Standing", "decide", "standing_at", "verdict"]
