"""Collector, follower and database are killed while two official SDKs send: nothing is lost.

The long form, with many more kills, is `bin/bench insight-chaos`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from bench import collect_world
from bench.insight_chaos import Chaos, look
from bench.insight_senders import Told
from tests.races.site import child_environment

if TYPE_CHECKING:
    from pathlib import Path

    from bench.chaos_parts import Database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
KILLS = 6


def test_what_was_acknowledged_is_in_the_lake_once_whatever_is_killed(
    tmp_path: Path, database: Database
) -> None:
    key, seed = collect_world.prepare(), random.randrange(2**32)
    print(f"seed {seed}")
    chaos = Chaos(key, database, tmp_path, child_environment(), seed)
    figures = chaos.run(KILLS)
    assert figures["acknowledged"] > 500
    assert (figures["lost"], figures["twice"], figures["backlog"]) == (0, 0, 0), figures
    known = sum(figures[name] for name in ("queryable", "duplicates", "dead", "erased", "expired"))
    assert figures["accepted"] == known, figures
    told = Told(sent=set(chaos.senders.told.sent), acknowledged={"never collected"})
    assert look(told).missing == {"never collected"}, "what looks for a loss would see one"
