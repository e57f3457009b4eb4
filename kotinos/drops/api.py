"""The door of drops."""

from __future__ import annotations

from kotinos.drops.actions.frame import DROPS_CHANGED
from kotinos.drops.actions.rehearsing import (
    RehearsalSize,
    begin_rehearsal,
    end_rehearsal,
    rehearsal_size,
    rehearsals,
)
from kotinos.drops.actions.scheduling import change_drop, follow_atlas, schedule_drop, terms_of
from kotinos.drops.actions.states import (
    end,
    end_those_over,
    publish,
    publishing_problems,
    withdraw,
)
from kotinos.drops.contracts import (
    DropState,
    DropView,
    FloorSignals,
    OfferView,
    Phase,
    VariantView,
)
from kotinos.drops.pages import DropCard, next_drop
from kotinos.drops.queries import (
    all_drops,
    drop,
    drop_by_id,
    drops,
    free_units,
    reserved_variants,
)
from kotinos.drops.queries.reporting import Report, report
from kotinos.drops.shape import arrivals
from kotinos.drops.terms import (
    BadTerms,
    Changed,
    DropTerms,
    NotFound,
    NotYours,
    Problem,
    Scheduled,
    Unchanged,
)

__all__ = [
    "DROPS_CHANGED",
    "BadTerms",
    "Changed",
    "DropCard",
    "DropState",
    "DropTerms",
    "DropView",
    "FloorSignals",
    "NotFound",
    "NotYours",
    "OfferView",
    "Phase",
    "Problem",
    "RehearsalSize",
    "Report",
    "Scheduled",
    "Unchanged",
    "VariantView",
    "all_drops",
    "arrivals",
    "begin_rehearsal",
    "change_drop",
    "drop",
    "drop_by_id",
    "drops",
    "end",
    "end_rehearsal",
    "end_those_over",
    "follow_atlas",
    "free_units",
    "next_drop",
    "publish",
    "publishing_problems",
    "rehearsal_size",
    "rehearsals",
    "report",
    "reserved_variants",
    "schedule_drop",
    "terms_of",
    "withdraw",
]
