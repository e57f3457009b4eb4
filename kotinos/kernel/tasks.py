"""The kernel's background work."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from kotinos.kernel import clock, outbox, spending

RELAY_SECONDS_MAX = 20.0


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="kernel.relay_outbox")
def relay_outbox(timestamp: int) -> None:
    """Hand on what waits in the outbox, every two seconds, and a crowd of it at one go."""
    del timestamp
    ends_at = time.monotonic() + RELAY_SECONDS_MAX
    while outbox.relay(now=clock.now()) and time.monotonic() < ends_at:
        pass


@app.periodic(cron="17 4 * * *")
@app.task(queueing_lock="kernel.forget_spent_tokens")
def forget_spent_tokens(timestamp: int) -> None:
    """Drop the marks of tokens that have expired anyway, once a day."""
    del timestamp
    spending.forget_expired(now=clock.now())
