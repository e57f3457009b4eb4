"""The line in which questions stand: few threads of low priority, the same question only once."""

from __future__ import annotations

import atexit
import fcntl
import itertools
import logging
import os
import queue
import threading
import time
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kotinos.insight.contracts import Outcome

THREADS = 2
LINE_MAX = 64
NICENESS = 10
LOCKS = 256
SLOTS = 2  # questions that run on this machine at once, of all processes
FAILURES_KEPT_SECONDS = 60.0
CLOSING_SECONDS_MAX = 8.0
_log = logging.getLogger(__name__)
_number = itertools.count()


class Job:
    """Something being computed, or waiting to be."""

    def __init__(self, key: str, work: Callable[[], Outcome | None]) -> None:
        self.key = key
        self.outcome: Outcome | None = None
        self.failed = False
        self.is_running = False
        self._work = work
        self._done = threading.Event()

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    def wait(self, seconds: float) -> None:
        self._done.wait(seconds)

    def run(self) -> None:
        """Do it; whatever happens, whoever waits is let go."""
        self.is_running = True
        try:
            self.outcome = self._work()
        except Exception:  # noqa: BLE001 - a thread that serves others outlives any fault
            self.failed = True
            _log.exception("a question could not be answered")
        finally:
            self._done.set()


class _Line:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.PriorityQueue[tuple[int, int, Job]] = queue.PriorityQueue(LINE_MAX)
        self._threads: list[threading.Thread] = []
        self.failures: dict[str, tuple[float, Outcome]] = {}
        self.is_closing = False

    def submit(
        self, key: str, work: Callable[[], Outcome | None], *, is_urgent: bool
    ) -> Job | None:
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                return job
            job = Job(key, work)
            try:
                self._waiting.put_nowait((0 if is_urgent else 1, next(_number), job))
            except queue.Full:
                return None
            self._jobs[key] = job
            self._begin()
            return job

    def _begin(self) -> None:
        """Threads are begun when they are needed: after a server has forked."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if len(self._threads) < min(THREADS, len(self._jobs)):
            thread = threading.Thread(target=self._serve, name="insight-questions", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        with suppress(OSError):  # a system that has no priority per thread
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while True:
            _urgency, _number, job = self._waiting.get()
            if self.is_closing:
                return
            job.run()
            with self._lock:
                del self._jobs[job.key]
                # An answer is on disk; what was refused is remembered, not asked at each look.
                if job.outcome is not None and not hasattr(job.outcome, "rows"):
                    until = time.monotonic() + FAILURES_KEPT_SECONDS
                    self.failures[job.key] = (until, job.outcome)

    def close(self) -> None:
        """Begin nothing more, and let what runs end: an engine cut off amid its work aborts."""
        self.is_closing = True
        until = time.monotonic() + CLOSING_SECONDS_MAX
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.is_running]
        for job in jobs:
            job.wait(max(0.0, until - time.monotonic()))


_line = _Line()
atexit.register(_line.close)


def submit(key: str, work: Callable[[], Outcome | None], *, is_urgent: bool) -> Job | None:
    """The job of this key: begun, or found where somebody asked before; None: the line is full."""
    return _line.submit(key, work, is_urgent=is_urgent)


def failure(key: str) -> Outcome | None:
    """That this was refused a moment ago, and how."""
    found = _line.failures.get(key)
    if found is None or found[0] < time.monotonic():
        _line.failures.pop(key, None)
        return None
    return found[1]


def forget_failures() -> None:
    _line.failures.clear()


@contextmanager
def alone(folder: Path, key: str) -> Iterator[None]:
    """Nobody else on this machine computes what has this key; a few keys share a lock."""
    folder.mkdir(parents=True, exist_ok=True)
    number = int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) % LOCKS
    with (folder / f"key-{number}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def slot(folder: Path) -> Iterator[None]:
    """One of the few places in which this machine computes; waits for one."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        for number in range(SLOTS):
            with (folder / f"slot-{number}.lock").open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        time.sleep(0.05)
