"""Background work of the shell."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kotinos.kernel import clock
from kotinos.web import wishes


@app.periodic(cron="*/10 * * * *")
@app.task(name="web.tell_wishes", queueing_lock="web.tell_wishes")
def tell_wishes(timestamp: int) -> None:
    """Every ten minutes: whoever waits for something that opened hears of it."""
    del timestamp
    wishes.tell(now=clock.now())
