"""The worker, or its ffmpeg, is killed at random instants while a video is packaged.

Whatever happens: a package is in the store whole or not at all, a row is written for a whole one
only, no encoder outlives its worker, and the job is done in the end, once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kotinos.channel.contracts import LADDER, SEGMENT_FILE
from kotinos.channel.models import Job, Package
from kotinos.channel.store import PACKAGES, WHOLE, store, work_folder
from kotinos.channel.tests.clips import make_clip
from kotinos.channel.tests.ingest.desk import asked
from kotinos.kernel import clock
from tests.races.site import ROOT, child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
PATIENCE_SECONDS = 90.0
KILLS = 3
INSTANT_SECONDS_MAX = 2.0


@contextmanager
def channel_worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The channel's process as `up` starts it."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "kotinos.ops", "channel", "run"],
            cwd=ROOT,
            env={**child_environment(), "PYTHONPATH": str(ROOT)},
            stdout=file,
            stderr=file,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _encoders() -> list[int]:
    """Processes that work in a half-made package."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if work_folder() in (process / "cwd").readlink().parents:
                found.append(int(process.name))
    return found


def _nothing_is_half() -> None:
    """Every folder among the packages is whole, and every row has one."""
    root = store().local_path(PACKAGES)
    assert root is not None
    for folder in root.iterdir() if root.exists() else ():
        said = json.loads((folder / WHOLE).read_text(encoding="utf-8"))
        for rung in (*LADDER, "a"):
            for number in range(said["ticks"]):
                assert (folder / rung / SEGMENT_FILE.format(number)).stat().st_size > 0
    for package in Package.objects.all():
        assert (root / str(package.id) / WHOLE).exists()


def _time_passes() -> None:
    """Leases lapse, waits are over, and attempts do not count: the instants are what is tried."""
    now = clock.now()
    Job.objects.filter(done_at=None).update(ready_at=now, attempts=0)
    Job.objects.filter(done_at=None, leased_until__gt=now).update(leased_until=now)


def test_a_worker_killed_at_any_instant_leaves_a_whole_package_or_none(tmp_path: Path) -> None:
    job_id = asked(make_clip(tmp_path, seconds=20, tones=2))
    log = tmp_path / "worker.log"
    for _ in range(KILLS):
        with channel_worker(log) as worker:
            wait_for(lambda: Job.objects.filter(leased_until__gt=clock.now()).exists())
            time.sleep(random.uniform(0, INSTANT_SECONDS_MAX))
            worker.kill()
            worker.wait()
        wait_for(lambda: not _encoders())
        _nothing_is_half()
        _time_passes()
    with channel_worker(log):
        wait_for(lambda: Job.objects.filter(done_at__isnull=False).exists())
    _nothing_is_half()
    assert Package.objects.get().id == job_id
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_an_encoder_killed_at_any_instant_is_started_again(tmp_path: Path) -> None:
    job_id = asked(make_clip(tmp_path, seconds=20, tones=2))
    log = tmp_path / "worker.log"
    with channel_worker(log) as worker:
        for _ in range(2):
            wait_for(_encoders)
            time.sleep(random.uniform(0, 0.5))
            for process in _encoders():
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            wait_for(lambda: Job.objects.get().leased_until is None)
            _nothing_is_half()
            _time_passes()
        wait_for(lambda: Job.objects.filter(done_at__isnull=False).exists())
        _nothing_is_half()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert Package.objects.get().id == job_id
    assert not list(work_folder().iterdir())
