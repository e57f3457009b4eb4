"""The answer to a question: the standing at its moment, how long it lasts, what is nearest."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.rights.contracts import (
    NOC_EMBLEM,
    Cleared,
    Duty,
    DutyKind,
    Nearest,
    Reason,
    Refused,
)
from kotinos.rights.decide.standing import Standing, standing_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Consent, Decision, Grant, Question


def decide(book: Book, question: Question) -> Decision:
    """Answer a question from the facts on record: cleared, or refused with what is nearest.

    The book must hold one moment's knowledge (`Book.known_at`); the same book and question
    give the same answer forever.
    """
    answer = verdict(book, question)
    if isinstance(answer, Refused):
        return replace(answer, nearest=_nearest(book, question))
    return answer


def verdict(book: Book, question: Question) -> Decision:
    """Answer as `decide` does, but without looking for what is nearest to a refusal."""
    standing = standing_at(book, question, question.at)
    if isinstance(standing, Refused):
        return standing
    if waits(standing, question, question.at):
        return _delayed(standing)
    return Cleared(
        until=_until(book, question, standing),
        chain=tuple(grant.id for grant in standing.links),
        duties=duties_of(standing.links, standing.consents),
        consents=tuple(consent.id for consent in standing.consents),
        law=standing.law,
        delay_minutes=standing.delay_minutes,
    )


def duties_of(links: Iterable[Grant], consents: Iterable[Consent]) -> tuple[Duty, ...]:
    """Return what is owed: the duties of every grant of the chain, then the consents' shares."""
    shares = (
        Duty(DutyKind.SHARE, consent.id, consent.organisation_id, consent.share_basis_points)
        for consent in consents
        if consent.share_basis_points
    )
    return (*(duty for grant in links for duty in grant.duties), *shares)


def waits(standing: Standing, question: Question, at: datetime) -> bool:
    """Return whether the delay has not passed; unknown time of the event counts as not passed."""
    if not standing.delay_minutes:
        return False
    occurred_at = question.occurred_at
    return occurred_at is None or at < occurred_at + timedelta(minutes=standing.delay_minutes)


def _delayed(standing: Standing) -> Refused:
    """Blame the first link of the slowest property that asks for the whole delay."""
    for property_id, permit in zip(standing.property_ids, standing.permits, strict=True):
        for link in permit.chain:
            if link.delay_minutes == standing.delay_minutes:
                return Refused(Reason.DELAYED, property_id, link.id)
    raise AssertionError("a delay comes from a link of the chain")


def _until(book: Book, question: Question, standing: Standing) -> datetime | None:
    for moment in _moments_after(book, question):
        later = standing_at(book, question, moment)
        if isinstance(later, Refused) or later.sameness != standing.sameness:
            return moment
    return None


def _nearest(book: Book, question: Question) -> Nearest:
    others = sorted(_candidate_sellers(book, question) - {question.seller_id})
    return Nearest(
        opens_at=next(
            (m for m in _moments_after(book, question) if _opens(book, question, m)), None
        ),
        seller_ids=tuple(
            seller_id
            for seller_id in others
            if _opens(book, replace(question, seller_id=seller_id), question.at)
        ),
    )


def _opens(book: Book, question: Question, at: datetime) -> bool:
    standing = standing_at(book, question, at)
    return isinstance(standing, Standing) and not waits(standing, question, at)


def _candidate_sellers(book: Book, question: Question) -> set[UUID]:
    """Return everybody with a grant on any of the properties, consortium members included."""
    found: set[UUID] = set()
    for property_id in question.property_ids:
        for grant in book.grants_on(property_id):
            found.add(grant.grantee_id)
            found.update(book.memberships.get(grant.grantee_id, ()))
    return found


def moments(book: Book, question: Question) -> list[datetime]:
    """Return, sorted, every instant at which a fact changes that this seller's answer rests on."""
    return sorted({*book.atlas_moments, *_fact_moments(book, question)})


def _moments_after(book: Book, question: Question) -> list[datetime]:
    found = moments(book, question)
    return found[bisect_right(found, question.at) :]


def _fact_moments(book: Book, question: Question) -> Iterator[datetime]:
    for property_id in set(question.property_ids):
        for grant in book.grants_for(property_id, question.seller_id):
            yield from grant_moments(book, grant, question)
        for row in book.prohibitions_on(property_id, question.seller_id):
            yield from row.window.edges()
        row_of_property = book.property_by_id.get(property_id)
        if row_of_property and row_of_property.kind == NOC_EMBLEM:
            for consent in book.consents:
                yield from consent.window.edges()


def grant_moments(book: Book, grant: Grant, question: Question) -> Iterator[datetime]:
    """Yield the instants at which the grant or one above it changes."""
    for link in (grant, *book.ancestors(grant)):
        yield from link.window.edges()
        yield from (t.at for t in link.terminations)
        for suspension in link.suspensions:
            yield from suspension.window.edges()
        if question.occurred_at and link.delay_minutes:
            yield question.occurred_at + timedelta(minutes=link.delay_minutes)
