"""Signing: where a grant is checked against its parent and against everybody else's exclusives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import rich
from kotinos.rights import models, statements
from kotinos.rights.actions import exclusives
from kotinos.rights.actions.frame import may_act, record, settle_grants, take_book
from kotinos.rights.conflicts import conflicts
from kotinos.rights.excess import excesses
from kotinos.rights.loading import load_book
from kotinos.rights.results import (
    Conflicting,
    Exceeds,
    NotFound,
    NotGiven,
    NotYours,
    Signed,
    Unchanged,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant
    from kotinos.rights.results import SignOutcome

PARTIES = ("grantor", "grantee")


def sign(
    *,
    grant_id: UUID,
    now: datetime,
    actor: UUID | None = None,
    parties: Collection[str] = PARTIES,
) -> SignOutcome:
    """Sign for every party that the actor may sign for, out of `parties`.

    With the second party's signature the grant is in force, its exclusives are claimed and what
    it touches is compiled, all in this transaction. A refusal leaves nothing behind.
    """
    with transaction.atomic():
        now = take_book(now)
        outcome = sign_held(grant_id=grant_id, now=now, actor=actor, parties=parties)
        if not isinstance(outcome, Signed) or not outcome.in_force:
            return outcome
        row = models.Grant.objects.get(id=grant_id)
        works = settle_grants(grant_ids=[row.id], now=now, cause="grant-signed", subject=row.number)
        return replace(outcome, works=works)


def sign_held(
    *, grant_id: UUID, now: datetime, actor: UUID | None, parties: Collection[str]
) -> SignOutcome:
    """Sign inside a transaction that holds the book and settles afterwards (an import)."""
    row = models.Grant.objects.select_for_update().filter(id=grant_id).first()
    if row is None:
        return NotFound("grant", str(grant_id))
    signed = set(row.signatures.values_list("party", flat=True))
    able = [party for party in parties if _may_sign(row, party, actor=actor, now=now)]
    if not able:
        return NotYours(row.grantor_id)
    missing = [party for party in able if party not in signed]
    if not missing:
        return Unchanged(f"{row.number} is signed")
    if row.grantor_id == row.grantee_id and signed:
        return Unchanged(f"{row.number} is signed")
    book = _book_around(row, now=now)
    refusal = _refusal(book, book.grant_by_id[grant_id])
    if refusal is not None:
        return refusal
    return _write(row, book, missing, already=signed, actor=actor, now=now)


def check(*, book: Book, grant: Grant) -> SignOutcome | None:
    """What signing this grant would be refused for; None: nothing."""
    return _refusal(book, grant)


def _may_sign(row: models.Grant, party: str, *, actor: UUID | None, now: datetime) -> bool:
    organisation_id = row.grantor_id if party == "grantor" else row.grantee_id
    return may_act(actor=actor, organisation_id=organisation_id, now=now)


def _book_around(row: models.Grant, *, now: datetime) -> Book:
    """All that the grant's whole subtree of properties knows: exclusives may sit below it."""
    (below,) = rich.run(statements.subtree, properties=[row.property_id])
    return load_book(now=now, property_ids=below, grant_ids=[row.id])


def _refusal(book: Book, grant: Grant) -> SignOutcome | None:
    not_given = _not_given(book, grant)
    if not_given is not None:
        return not_given
    beyond = tuple(excesses(book, grant))
    if beyond:
        return Exceeds(beyond)
    found = tuple(conflicts(book, grant))
    return Conflicting(found) if found else None


def _not_given(book: Book, grant: Grant) -> NotGiven | None:
    if grant.parent_id is not None:
        parent = book.grant_by_id.get(grant.parent_id)
        if parent is None or not book.is_signed(parent):
            return NotGiven("the parent grant is not signed by both its parties")
        if not book.serves(parent.grantee_id, grant.grantor_id):
            return NotGiven("the grantor does not hold the parent grant")
    elif not book.is_given_rightly(grant):
        return NotGiven("the grantor owns neither the property nor what it is part of")
    return None


def _write(
    row: models.Grant,
    book: Book,
    parties: list[str],
    *,
    already: set[str],
    actor: UUID | None,
    now: datetime,
) -> SignOutcome:
    is_self_grant = row.grantor_id == row.grantee_id
    in_force = is_self_grant or {*already, *parties} == set(PARTIES)
    written = ["grantor"] if is_self_grant else parties
    savepoint = transaction.savepoint()
    models.Signature.objects.bulk_create(
        models.Signature(grant=row, party=party, person_id=actor, at=now, recorded_at=now)
        for party in written
    )
    grant = book.grant_by_id[row.id]
    if in_force and not exclusives.claim(book, grant):
        # What the book did not show the table does: answer with what stands there now.
        transaction.savepoint_rollback(savepoint)
        return Conflicting(exclusives.overlaps(book, grant))
    transaction.savepoint_commit(savepoint)
    if in_force and row.quota_units is not None:
        models.QuotaCounter.objects.create(grant=row, limit_units=row.quota_units)
    for party in written:
        record(
            actor=actor,
            organisation_id=row.grantor_id if party == "grantor" else row.grantee_id,
            verb="sign",
            subject_kind="grant",
            subject=row.number,
            detail={"party": party, "in_force": in_force},
            now=now,
        )
    return Signed(row.id, tuple(written), in_force, 0)
