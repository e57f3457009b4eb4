"""Reports by mail: a saved view's figures and charts, as its owner may see them at that moment."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate.contrib.django import app

from kotinos.games import api as games
from kotinos.insight import results, saved
from kotinos.insight.contracts import REPORT_QUEUE, SEND_REPORT
from kotinos.insight.models import Report
from kotinos.insight.office import asking, cards
from kotinos.insight.office.asking import ALL
from kotinos.insight.office.boards import BOARDS
from kotinos.insight.office.drawing import Place
from kotinos.insight.office.export import csv_of
from kotinos.insight.office.numbers import numbers_of
from kotinos.kernel.environment import environment
from kotinos.kernel.office import Staff

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.insight.office.asking import Asked
    from kotinos.insight.office.boards import Board

PATIENCE_S = 120.0
ROWS_MAX = 8
ATTACHED_BYTES_MAX = 2_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    to: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """`reason`: gone (no such report), or forbidden (its owner may not see it any more)."""

    reason: str


def plan_due(*, now: datetime) -> int:
    """Queue every report that is due: the claim and the job are one commit. How many."""
    planned = 0
    for report_id in saved.report_ids():
        with transaction.atomic():
            due = saved.claim_due(report_id=report_id, now=now)
            if due is not None:
                job = app.configure_task(name=SEND_REPORT, queue=REPORT_QUEUE)
                job.defer(report_id=str(report_id))
                planned += 1
    return planned


def send_report(*, report_id: UUID, now: datetime) -> Sent | NotSent:
    """Send one report under its owner's roles of this moment, never those of when it was made."""
    report = Report.objects.select_related("view").filter(id=report_id).first()
    if report is None:
        return NotSent("gone")
    asked = _asked(report, now)
    board = BOARDS.get(report.view.dashboard)
    if asked is None or board is None:
        _log.info("report %s: its owner may not see it any more; nothing was sent", report_id)
        return NotSent("forbidden")
    _mail(report, board, asked, now).send()
    return Sent(len(report.to))


def _asked(report: Report, now: datetime) -> Asked | None:
    """What the view shows its owner now; None where that is nothing."""
    owner = report.view.owner_id
    roles = games.roles_of(person_id=owner, now=now)
    who = Staff(owner, tuple((role.organisation_id, role.name.value) for role in roles))
    wanted = report.view.organisation_id
    mine = who.organisations()
    if not roles or (wanted is not None and mine is not None and wanted not in mine):
        return None
    # Whoever was an operator and is none now: their "all" is not another organisation's report.
    if mine is not None and report.view.filters.get("organisation", ALL) == ALL:
        return None
    with suppress(Http404, asking.NonsenseError):
        return asking.read(report.view.filters, who=who, now=now)
    return None


def _mail(report: Report, board: Board, asked: Asked, now: datetime) -> EmailMultiAlternatives:
    place = Place(asked, reverse("insight_office:board", args=[board.name]), asked.edition.name)
    questions = [cards.question(chart, asked) for chart in board.charts]
    found = results.ask_all(questions, patience_s=PATIENCE_S, now=now, newest_within_s=PATIENCE_S)
    shown = [
        cards.card(chart, result, asked=asked, place=place, now=now)
        for chart, result in zip(board.charts, found, strict=True)
    ]
    context: dict[str, Any] = {
        "report": report,
        "board": board,
        "asked": asked,
        "now": now,
        "numbers": numbers_of(board, asked, now=now, patience_s=PATIENCE_S).every,
        "cards": [
            (card, [row[:4] for row in card.drawn.table.rows[-ROWS_MAX:]])
            if card.drawn and card.drawn.kind == "series"
            else (card, [row[:4] for row in card.drawn.table.rows[:ROWS_MAX]] if card.drawn else [])
            for card in shown
        ],
        "link": f"{environment().origin}{place.link()}",
        "subject": f"{report.view.name}: {board.title}, {asked.since:%-d %b} – "
        f"{asked.last_day:%-d %b %Y}",
    }
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string("insight/mail/report.txt", context),
        to=list(report.to),
    )
    message.attach_alternative(render_to_string("insight/mail/report.html", context), "text/html")
    _attach(message, board, asked, found)
    return message


def _attach(
    message: EmailMultiAlternatives, board: Board, asked: Asked, found: list[results.Result]
) -> None:
    """Every chart's rows, as long as the mail stays one that servers take."""
    size = 0
    for chart, result in zip(board.charts, found, strict=True):
        if isinstance(result, results.Kept) and result.answer.rows:
            text = csv_of(chart, cards.narrowed(result.answer, asked))
            size += len(text)
            if size > ATTACHED_BYTES_MAX:
                return
            message.attach(f"{board.name}-{chart.key}.csv", text, "text/csv")
