"""Decisions on record: what an order line, a stream or a ticket rests on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.rights import acts as words
from kotinos.rights import models
from kotinos.rights.asking import book_for, decide_now, property_ids
from kotinos.rights.contracts import Cleared, Question
from kotinos.rights.decide import decide as interpret
from kotinos.rights.loading import load_book
from kotinos.rights.machine import machine_form
from kotinos.rights.queries import properties_of_work
from kotinos.rights.results import NotFound, RecordedDecision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kotinos.rights.contracts import Act, Decision, Outlet

log = logging.getLogger(__name__)


def record_decision(
    *,
    seller_id: UUID,
    act: Act,
    outlet: Outlet,
    territory: str,
    at: datetime,
    now: datetime,
    work_id: UUID | None = None,
    properties: Collection[str] = (),
    occurred_at: datetime | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> RecordedDecision:
    """Ask the interpreter and keep question, answer and evidence for good.

    `as_of` on the row is the moment of the book's last change, so that asking again as of then
    gives the same answer to the letter. Where the compiled answer differs it is a bug: logged,
    and the interpreter wins.
    """
    ids = properties_of_work(work_id, as_of=None) if work_id else property_ids(properties)
    book = book_for(ids, now=now, as_of=None)
    question = Question(seller_id, ids, act, outlet, territory, at, occurred_at)
    decision = interpret(book, question)
    if work_id is not None:
        _compare(decision, work_id=work_id, question=question)
    row = _row(
        question, decision, work_id=work_id, as_of=book.as_of or now, evidence=evidence, now=now
    )
    row.save(force_insert=True)
    return RecordedDecision(row.id, decision)


def record_decisions(
    *,
    work_id: UUID,
    seller_id: UUID,
    act: Act,
    outlet: Outlet,
    territories: Collection[str],
    at: datetime,
    now: datetime,
    evidence: Mapping[str, Any] | None = None,
) -> dict[str, RecordedDecision]:
    """Ask once for each territory, of the same book, and keep every answer for good."""
    ids = properties_of_work(work_id, as_of=None)
    book = book_for(ids, now=now, as_of=None)
    as_of = book.as_of or now
    questions = [
        Question(seller_id, ids, act, outlet, territory, at, None) for territory in territories
    ]
    decided = [(question, interpret(book, question)) for question in questions]
    rows = models.Decision.objects.bulk_create(
        _row(question, decision, work_id=work_id, as_of=as_of, evidence=evidence, now=now)
        for question, decision in decided
    )
    return {
        row.territory: RecordedDecision(row.id, decision)
        for row, (_, decision) in zip(rows, decided, strict=True)
    }


def _row(
    question: Question,
    decision: Decision,
    *,
    work_id: UUID | None,
    as_of: datetime,
    evidence: Mapping[str, Any] | None,
    now: datetime,
) -> models.Decision:
    is_cleared = isinstance(decision, Cleared)
    return models.Decision(
        work_id=work_id,
        properties=[str(each) for each in question.property_ids],
        seller_id=question.seller_id,
        act=question.act.text,
        outlet=question.outlet.text,
        territory=question.territory,
        at=question.at,
        occurred_at=question.occurred_at,
        as_of=as_of,
        asked_at=now,
        cleared=is_cleared,
        answer=machine_form(decision),
        reason="" if isinstance(decision, Cleared) else str(decision.reason),
        chain=list(decision.chain) if isinstance(decision, Cleared) else [],
        evidence=dict(evidence or {}),
    )


def prove(*, decision_id: UUID) -> tuple[bool, dict[str, Any]] | NotFound:
    """Ask a recorded question again as of its moment: whether the answer is the same, and it."""
    row = models.Decision.objects.filter(id=decision_id).first()
    if row is None:
        return NotFound("decision", str(decision_id))
    act, outlet = words.act(row.act), words.outlet(row.outlet)
    assert act is not None
    assert outlet is not None
    ids = tuple(UUID(each) for each in row.properties)
    book = load_book(now=row.as_of, property_ids=ids, as_of=row.as_of)
    question = Question(row.seller_id, ids, act, outlet, row.territory, row.at, row.occurred_at)
    answer = machine_form(interpret(book, question))
    return answer == row.answer, answer


def _compare(decision: Decision, *, work_id: UUID, question: Question) -> None:
    compiled = decide_now(
        work_id=work_id,
        seller_id=question.seller_id,
        act=question.act,
        outlet=question.outlet,
        territory=question.territory,
        at=question.at,
        occurred_at=question.occurred_at,
    )
    if agree(decision, compiled) is False:
        log.error(
            "compiled clearance differs from the interpreter: %r says %r, compiled %r",
            question,
            decision,
            compiled,
        )


def agree(decision: Decision, compiled: Cleared | None) -> bool:
    """Whether a compiled answer, which carries no duties and consents, is the interpreter's."""
    if not isinstance(decision, Cleared):
        return compiled is None
    return compiled is not None and (
        (decision.until, decision.chain, decision.law, decision.delay_minutes)
        == (compiled.until, compiled.chain, compiled.law, compiled.delay_minutes)
    )
