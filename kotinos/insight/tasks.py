"""Background work of insight. Each may run at any time and twice: claims make that harmless."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from kotinos.insight import reporting, retention
from kotinos.kernel import clock


@app.periodic(cron="*/2 * * * *")
@app.task(name="insight.plan_reports", queueing_lock="insight.plan_reports")
def plan_reports(timestamp: int) -> None:
    """Every two minutes: reports whose hour has come."""
    del timestamp
    reporting.plan_due(now=clock.now())


@app.task(name=reporting.SEND, queue=reporting.QUEUE, retry=3)
def send_report(report_id: str) -> None:
    """One report. It is tried again where the mail server did not take it."""
    reporting.send_report(report_id=UUID(report_id), now=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="insight.expire", queueing_lock="insight.expire")
def expire(timestamp: int) -> None:
    """Every night: rows that have been kept long enough go."""
    del timestamp
    retention.expire(now=clock.now())
