"""The follower: one process, of all that may run, that brings the log into the lake.

It leads by an advisory lock of the very connection it commits on: if that connection is lost its
commits fail, so that no two followers can ever count the same segment.
"""

from __future__ import annotations

import gc
import logging
import time
from typing import TYPE_CHECKING

from django.db import OperationalError, connection

from kotinos.insight import forgetting, keys
from kotinos.insight.lake import compacting, manifest, merging, segments
from kotinos.insight.lake.taking import take_facts
from kotinos.kernel import clock, outbox, rich
from kotinos.kernel.statements import try_lead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEADER = "insight.follower"
ROUND_SECONDS = 0.5
TIDY_SECONDS = 10.0
SWEEP_SECONDS = 60.0
AGAIN_SECONDS = 1.0
_log = logging.getLogger("kotinos.insight")


def follow(*, log: Path, stopped: Callable[[], bool]) -> None:
    """Go on until told to stop; a database that is away is waited for."""
    # Millions of small values come and go in a round, and none of them in circles: looking for
    # circles is half of the work, so it is done when there is nothing else to do.
    gc.disable()
    while not stopped():
        try:
            if rich.run_one(try_lead, name=LEADER):
                _lead(log, stopped)
        except OperationalError as error:
            _log.warning("the database could not be asked for a moment: %s", error)
        except OSError as error:
            _log.warning("the lake cannot be written now: %s", error)
        connection.close()
        _pause(AGAIN_SECONDS, stopped)


def round_of(*, log: Path) -> int:
    """One round: what is sealed and what the outbox has. How many rows."""
    log.mkdir(parents=True, exist_ok=True)
    segments.seal_orphans(log)
    rows = compacting.compact(log=log, now=clock.now())
    return rows + take_facts(now=clock.now())


def tidy(*, log: Path) -> None:
    """Go on with erasures that were not finished; merge what has gathered."""
    gc.collect()
    forgetting.go_on(log=log, now=clock.now())
    while merging.merge(now=clock.now()):
        pass


def sweep(*, log: Path) -> None:
    """Delete what counts no longer and forget what is long gone; new editions get their key."""
    keys.prepare(now=clock.now())
    manifest.sweep(now=clock.now())
    compacting.forget_segments(log=log, now=clock.now())
    outbox.sweep(now=clock.now())


def _lead(log: Path, stopped: Callable[[], bool]) -> None:
    manifest.sweep_uncounted()
    keys.prepare(now=clock.now())
    tidied = swept = time.monotonic()
    while not stopped():
        begun = time.monotonic()
        rows = round_of(log=log)
        if begun - tidied >= TIDY_SECONDS:
            tidy(log=log)
            tidied = begun
        if begun - swept >= SWEEP_SECONDS:
            sweep(log=log)
            swept = begun
        if not rows:
            _pause(ROUND_SECONDS, stopped)


def _pause(seconds: float, stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not stopped() and time.monotonic() < until:
        time.sleep(0.05)
