"""Jobs: one worker each, taken over from the dead, tried again, given way to live."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from kotinos.channel import api as channel
from kotinos.channel.ingest import leases, running, sweeping, worker
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.running import Order
from kotinos.channel.models import Job, JobNote, LiveSession, Package, Upload
from kotinos.channel.queries.jobs import JobState, Pressure, pressure
from kotinos.channel.store import store, upload_folder, work_folder
from kotinos.channel.tests.clips import make_clip
from kotinos.channel.tests.ingest.desk import asked, on_air, programme
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60.0


@pytest.fixture
def working() -> Iterator[threading.Thread]:
    """A worker in a thread, until the test ends."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.Worker(stop).run)
    thread.start()
    yield thread
    stop.set()
    thread.join()


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes some seconds to package."""
    return make_clip(tmp_path_factory.mktemp("long"), seconds=60, rate="24")


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def encoder_state() -> str:
    """The letter proc(5) has for the ffmpeg that works in our folder: T while it is stopped."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if work_folder() in (process / "cwd").readlink().parents:
                return (process / "stat").read_text().rpartition(")")[2].split()[0]
    return ""


def row() -> channel.JobRow:
    (only,) = channel.jobs(now=clock.now())
    return only


def test_one_job_is_taken_once_and_again_when_its_lease_lapses(clip: Path) -> None:
    job_id, now = asked(clip), clock.now()
    first = leases.take(holder="one", now=now)
    assert first is not None
    assert first.job_id == job_id
    assert leases.take(holder="two", now=now) is None
    assert leases.beat(first, progress=40, now=now + timedelta(seconds=20))
    assert leases.take(holder="two", now=now + timedelta(seconds=35)) is None
    second = leases.take(holder="two", now=now + timedelta(seconds=51))
    assert second is not None
    assert second.attempt == 2
    assert not leases.beat(first, progress=50, now=now + timedelta(seconds=52))
    said = {"ticks": 1, "bytes": 1, "facts": {}}
    assert leases.finish(first, said=said, now=now) == leases.Lost(cancelled=False)
    assert leases.finish(second, said=said, now=now) is None
    assert Package.objects.get().id == job_id


def test_what_may_pass_is_tried_again_later_and_what_may_not_is_not(clip: Path) -> None:
    asked(clip)
    now = clock.now()
    waits = []
    for _ in range(leases.ATTEMPTS_MAX):
        lease = leases.take(holder="one", now=now)
        assert lease is not None
        leases.fail(lease, bad=Bad(Fault.INTERRUPTED, "ended with -9"), now=now)
        job = Job.objects.get()
        waits.append((job.ready_at - now).total_seconds())
        now = max(now, job.ready_at)
    assert waits[:2] == [20, 80]
    assert (row().state, row().reason_code) == (JobState.FAILED, "interrupted")
    assert channel.retry_job(job_id=job.id, now=now) is True
    lease = leases.take(holder="one", now=now)
    assert lease is not None
    leases.fail(lease, bad=Bad(Fault.TRUNCATED), now=now)
    assert row().state is JobState.FAILED
    assert row().reason == "The file ends before the video does; please upload it again."


def test_a_job_whose_workers_keep_dying_is_not_taken_for_ever(clip: Path) -> None:
    asked(clip)
    now = clock.now()
    for _ in range(leases.ATTEMPTS_MAX):
        assert leases.take(holder="one", now=now) is not None
        now += timedelta(minutes=1)
    assert leases.take(holder="one", now=now) is None
    assert row().state is JobState.FAILED


def test_the_worker_packages_an_upload_and_forgets_its_file(
    clip: Path, working: threading.Thread
) -> None:
    upload = Upload.objects.create(
        programme=programme(), name="film.mp4", size=1, begun_at=clock.now()
    )
    upload_folder().mkdir(exist_ok=True)
    path = upload_folder() / str(upload.id)
    path.write_bytes(clip.read_bytes())
    leases.ask(
        programme_id=upload.programme_id,
        kind="package",
        path=None,
        upload_id=upload.id,
        now=clock.now(),
    )
    wait_for(lambda: row().state is JobState.DONE)
    wait_for(lambda: not path.exists())
    assert (row().source, row().progress) == ("film.mp4", 100)
    assert working.is_alive()


def test_a_bad_file_fails_at_once_with_its_reason(
    tmp_path: Path, working: threading.Thread
) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("not a film")
    asked(path)
    wait_for(lambda: row().state is JobState.FAILED)
    assert (row().reason_code, row().attempts) == ("not-video", 1)
    assert working.is_alive()
    assert not list(work_folder().iterdir())


def test_a_running_job_can_be_cancelled(long_clip: Path, working: threading.Thread) -> None:
    job_id = asked(long_clip)
    wait_for(lambda: row().progress > 0)
    assert channel.cancel_job(job_id=job_id, now=clock.now()) is True
    wait_for(lambda: not list(work_folder().iterdir()))
    assert row().state is JobState.CANCELLED
    assert store().whole(job_id) is None
    assert working.is_alive()


def test_live_goes_first(long_clip: Path, working: threading.Thread) -> None:
    session = on_air()
    assert pressure(now=clock.now()) is Pressure.ON_AIR
    asked(long_clip)
    time.sleep(1.5)
    assert row().state is JobState.WAITING_FOR_LIVE
    LiveSession.objects.update(ended_at=clock.now())
    wait_for(lambda: row().progress > 0)
    seen_at, facts = clock.now() + timedelta(minutes=1), {"health": {"speed": 0.9}}
    LiveSession.objects.filter(id=session.id).update(ended_at=None, seen_at=seen_at, facts=facts)
    wait_for(lambda: encoder_state() == "T")
    time.sleep(0.5)
    assert row().state is JobState.WORKING
    LiveSession.objects.update(facts={"health": {"speed": 1.0}})
    wait_for(lambda: encoder_state() in {"R", "S"})
    assert working.is_alive()


def test_a_worker_that_ends_gives_its_job_back(long_clip: Path) -> None:
    asked(long_clip)
    stop = threading.Event()
    thread = threading.Thread(target=worker.Worker(stop).run)
    thread.start()
    wait_for(lambda: row().progress > 0)
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert (row().state, row().attempts) == (JobState.WAITING, 0)
    assert not list(work_folder().iterdir())


def test_a_package_in_the_store_is_not_made_again(clip: Path) -> None:
    """A worker that is killed between the rename and the row has done the work."""
    job_id = asked(clip)
    lease = leases.take(holder="one", now=clock.now())
    assert lease is not None
    assert worker.work(lease, stop=threading.Event()) is None
    Package.objects.all().delete()
    Job.objects.update(done_at=None)
    lease = leases.take(holder="two", now=clock.now())
    assert lease is not None
    started = time.monotonic()
    assert worker.work(lease, stop=threading.Event()) is None
    assert time.monotonic() - started < 2
    assert Package.objects.get().id == job_id


def test_an_encoder_that_falls_silent_is_ended(
    long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SILENT_SECONDS_MAX", 0.2)
    command = ["/bin/sleep", "60"]
    started = time.monotonic()
    bad = running.run(command, folder=long_clip.parent, total_ms=1, beat=lambda _percent: Order.GO)
    assert isinstance(bad, Bad)
    assert bad.fault is Fault.INTERRUPTED
    assert time.monotonic() - started < 5


def test_what_is_left_over_is_swept(clip: Path) -> None:
    asked(clip)
    lease = leases.take(holder="one", now=clock.now())
    assert lease is not None
    mine, stale = work_folder() / f"{lease.job_id}.1", work_folder() / f"{lease.job_id}.0"
    for folder in (mine, stale):
        (folder / "v720").mkdir(parents=True)
    old = Upload.objects.create(
        programme_id=lease.programme_id,
        name="old",
        size=9,
        begun_at=clock.now() - timedelta(hours=25),
    )
    upload_folder().mkdir(exist_ok=True)
    (upload_folder() / str(old.id)).write_text("old")
    sweeping.sweep(now=clock.now())
    assert mine.exists()
    assert not stale.exists()
    assert not (upload_folder() / str(old.id)).exists()
    assert not Upload.objects.exists()
    leases.release(lease, now=clock.now())
    sweeping.sweep(now=clock.now())
    assert not mine.exists()
    assert JobNote.objects.count() == 3
    connection.close()
