"""Background work on drops, and what they do when they hear news from below."""

from __future__ import annotations

import subprocess
import sys

from procrastinate.contrib.django import app

from kotinos.drops.actions.scheduling import follow_atlas
from kotinos.drops.actions.states import end_those_over
from kotinos.games import api as games
from kotinos.kernel import clock, outbox
from kotinos.kernel.environment import ROOT

REHEARSAL_SECONDS_MAX = 1200


@app.periodic(cron="* * * * *")
@app.task(name="drops.end", queueing_lock="drops.end")
def end_drops(timestamp: int) -> None:
    """Write down the end of drops whose time is over."""
    del timestamp
    end_those_over(now=clock.now())


@app.task(name="drops.play_rehearsal", queue="rehearsals")
def play_rehearsal(slug: str, port: int) -> None:
    """Play a rehearsal that was made, from a process of its own: it must not slow this one."""
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "kotinos.ops", "drops", "rehearse", slug, "--address", address]
    subprocess.run(words, check=True, timeout=REHEARSAL_SECONDS_MAX, cwd=ROOT)  # noqa: S603 - our own command


@outbox.handler(games.ATLAS_CHANGED)
def on_atlas_changed(event: outbox.Event) -> None:
    """A new table of homes or named sets moves what a drop's text means."""
    follow_atlas(now=max(event.happened_at, clock.now()))
