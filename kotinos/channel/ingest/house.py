"""`kotinos channel run`: one process that packages videos and listens to live signals.

The jobs have a thread of their own, which lives as long as the process: programs started from it
die with it (prctl(2), PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from contextlib import suppress

from kotinos.channel.ingest.worker import Worker
from kotinos.channel.live import supervisor

RESTART_SECONDS = 2.0
_log = logging.getLogger("kotinos.channel")


async def serve(stop: asyncio.Event) -> None:
    """Until `stop` is set, then end in order: live signals are closed, the job is given back."""
    ended = threading.Event()
    worker = threading.Thread(target=Worker(ended).run, name="jobs", daemon=True)
    worker.start()
    try:
        while not stop.is_set():
            try:
                await supervisor.run_forever(stop)
            except Exception:  # noqa: BLE001 - whatever it was, signals must be heard again
                _log.exception("live stopped; it begins again")
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RESTART_SECONDS)
    finally:
        ended.set()
        await asyncio.to_thread(worker.join)


async def serve_until_told() -> None:
    """`serve` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop)
