"""Moments of a programme in which products are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel import models
from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.queries.products import products
from kotinos.channel.results import BadTerms, NotFound, NotYours, Problem, Removed, Saved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.models import Programme

AT_MS_MAX = 24 * 3600 * 1000
SECONDS = (1, 600)
PRODUCTS_MAX = 12
WORDS_LENGTH_MAX = 200


@transaction.atomic
def put_cue(
    *,
    programme_id: UUID,
    at_ms: int,
    seconds: int = 15,
    words: Mapping[str, str] | None = None,
    product_ids: Sequence[UUID] = (),
    now: datetime,
    cue_id: UUID | None = None,
    by: UUID | None = None,
) -> Saved | BadTerms | NotFound | NotYours:
    """Say that from a moment on, for some seconds, these products (in this order) are seen.

    Without `cue_id` the cue at exactly this moment is changed, or a new one made.
    """
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    ids = list(dict.fromkeys(product_ids))
    said = {key: text.strip() for key, text in (words or {}).items() if text.strip()}
    problems = tuple(_problems(row, at_ms, seconds, said, ids))
    if problems:
        return BadTerms(problems)
    known = {"id": cue_id} if cue_id else {"at_ms": at_ms}
    cue = row.cues.select_for_update().filter(**known).first()
    if cue is None and cue_id:
        return NotFound("cue")
    created = cue is None
    cue = cue or models.Cue(programme=row, created_at=now)
    cue.at_ms, cue.seconds, cue.words = at_ms, seconds, said
    cue.save()
    cue.products.all().delete()
    models.CueProduct.objects.bulk_create(
        models.CueProduct(cue=cue, product_id=product_id, position=position)
        for position, product_id in enumerate(ids)
    )
    detail = {"at_ms": at_ms, "products": len(ids)}
    record_programme("cue written", row, by=by, now=now, detail=detail)
    return Saved(cue.id, created)


def _problems(
    row: Programme, at_ms: int, seconds: int, words: Mapping[str, str], ids: Sequence[UUID]
) -> Iterator[Problem]:
    package = row.packages.order_by("ready_at", "id").last()
    end_ms = package.facts.get("content_ms", AT_MS_MAX) if package else AT_MS_MAX
    if not 0 <= at_ms <= end_ms:
        yield Problem("at", "The moment lies outside the video.")
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        yield Problem("seconds", f"Between {SECONDS[0]} and {SECONDS[1]} seconds.")
    if any(len(text) > WORDS_LENGTH_MAX for text in words.values()):
        yield Problem("words", f"At most {WORDS_LENGTH_MAX} characters.")
    if not ids:
        yield Problem("products", "Name at least one product.")
    if len(ids) > PRODUCTS_MAX:
        yield Problem("products", f"At most {PRODUCTS_MAX} products.")
    if len(products(ids=ids)) != len(ids):
        yield Problem("products", "One of these products does not exist.")


@transaction.atomic
def remove_cue(
    *, programme_id: UUID, cue_id: UUID, now: datetime, by: UUID | None = None
) -> Removed | NotFound | NotYours:
    """Take a cue away. What was sold through it keeps its name."""
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    cue = row.cues.filter(id=cue_id).first()
    if cue is None:
        return NotFound("cue")
    cue.delete()
    record_programme("cue removed", row, by=by, now=now, detail={"at_ms": cue.at_ms})
    return Removed(cue_id)
