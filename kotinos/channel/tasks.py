"""Background work of the channel. Each may run at any time and twice: that changes nothing."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kotinos.channel.actions.keeping import keep_ahead
from kotinos.channel.actions.workflow import publish_due
from kotinos.kernel import clock


@app.periodic(cron="7 * * * *")
@app.task(name="channel.keep_ahead", queueing_lock="channel.keep_ahead")
def keep_channels_ahead(timestamp: int) -> None:
    """Every hour: the schedules of all linear channels reach two days ahead."""
    del timestamp
    keep_ahead(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="channel.publish_due", queueing_lock="channel.publish_due")
def publish_what_is_due(timestamp: int) -> None:
    """Write down that scheduled programmes are published, and let caches forget."""
    del timestamp
    publish_due(now=clock.now())
