"""Background work of insight. Each may run at any time and twice: claims make that harmless."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from kotinos.insight.contracts import REPORT_QUEUE, SEND_REPORT
from kotinos.kernel import clock

# Every process that knows Django reads this page; the engines behind it take a second to load.


@app.periodic(cron="*/2 * * * *")
@app.task(name="insight.plan_reports", queueing_lock="insight.plan_reports")
def plan_reports(timestamp: int) -> None:
    """Every two minutes: reports whose hour has come."""
    from kotinos.insight import reporting  # noqa: PLC0415 - see above

    del timestamp
    reporting.plan_due(now=clock.now())


@app.task(name=SEND_REPORT, queue=REPORT_QUEUE, retry=3)
def send_report(report_id: str) -> None:
    """One report. It is tried again where the mail server did not take it."""
    from kotinos.insight import reporting  # noqa: PLC0415 - see above

    reporting.send_report(report_id=UUID(report_id), now=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="insight.expire", queueing_lock="insight.expire")
def expire(timestamp: int) -> None:
    """Every night: rows that have been kept long enough go."""
    from kotinos.insight import retention  # noqa: PLC0415 - see above

    del timestamp
    retention.expire(now=clock.now())
