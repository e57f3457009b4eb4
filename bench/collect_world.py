"""An installation that collects: an edition, a write key without a limit, and its follower."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.serving import ROOT
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kotinos.insight.lake.ledger import Balance

KEY = "bench_key_that_opens_a_throwaway_lake"
PER_S_MAX = 2_000_000_000
WAIT_SECONDS_MAX = 180.0


def prepare() -> str:
    """Make the edition and the key in the installation of the environment; the key."""
    from click.testing import CliRunner  # noqa: PLC0415 - after django.setup

    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.games.commands import games as words  # noqa: PLC0415 - the same
    from kotinos.insight import keys  # noqa: PLC0415 - the same
    from kotinos.insight.models import WriteKey  # noqa: PLC0415 - the same

    result = CliRunner().invoke(words, ["import"])
    if result.exit_code:
        raise RuntimeError(result.output)
    now = clock.now()
    keys.prepare(now=now)
    edition = games.editions()[0].code
    row = {"name": "bench", "edition_id": edition, "events_per_s_max": PER_S_MAX, "made_at": now}
    WriteKey.objects.update_or_create(key=KEY, defaults=row)
    return KEY


@contextmanager
def following() -> Iterator[subprocess.Popen[bytes]]:
    """The process that brings the log into the lake, ended at the end of the block."""
    process = start_following()
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def start_following(
    log: int | None = None, *, new_session: bool = False
) -> subprocess.Popen[bytes]:
    """Start the follower; what it says goes to the descriptor `log`."""
    words = [sys.executable, "-m", "kotinos.ops", "insight", "follow"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        words, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=new_session
    )


def balance(log: Path | None = None) -> Balance:
    """Where every accepted event is, as the database and the log say now."""
    from kotinos.insight.lake import ledger  # noqa: PLC0415 - after django.setup

    return ledger.balance(log=log)


def wait_until_taken(*, seconds_max: float = WAIT_SECONDS_MAX) -> Balance:
    """Until nothing waits in the log any more; RuntimeError where that takes too long."""
    deadline = time.monotonic() + seconds_max
    while (found := balance()).backlog:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{found.backlog} events still wait in the log")
        time.sleep(0.1)
    return found
