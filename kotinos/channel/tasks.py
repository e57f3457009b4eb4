"""Background work of the channel."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kotinos.channel.actions.workflow import publish_due
from kotinos.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(name="channel.publish_due", queueing_lock="channel.publish_due")
def publish_what_is_due(timestamp: int) -> None:
    """Write down that scheduled programmes are published, and let caches forget."""
    del timestamp
    publish_due(now=clock.now())
