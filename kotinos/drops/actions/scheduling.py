"""Write a drop down, and change it while that is still fair."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kotinos.drops import models
from kotinos.drops.actions.checking import ground, obstacles
from kotinos.drops.actions.frame import locked, may_manage, record, view
from kotinos.drops.contracts import MASK_BYTES, Phase
from kotinos.drops.terms import (
    BadTerms,
    DropTerms,
    NotFound,
    NotYours,
    Problem,
    Scheduled,
    Unchanged,
)
from kotinos.games import api as games
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.actions.checking import Ground
    from kotinos.drops.contracts import DropView

ANNOUNCED = ("opens_at", "slug", "seller", "guests_allowed")
"""What people who wait were told: it does not move once the drop is published."""
OPEN_FIELDS = ("names", "texts", "closes_at", "units_per_buyer", "hold_seconds")
"""What may still change while the drop is open."""


@transaction.atomic
def schedule_drop(
    *, terms: DropTerms, now: datetime, actor: UUID | None = None
) -> Scheduled | BadTerms | NotYours:
    """A new drop as a draft, with its waiting room. Nobody sees it before it is published."""
    found = ground(terms, but=None, now=now)
    if found.seller_id and not may_manage(seller_id=found.seller_id, actor=actor, now=now):
        return NotYours(found.seller_id)
    if found.problems or found.seller_id is None:
        return BadTerms(found.problems)
    row = models.Drop.objects.create(
        room_id=_new_room(terms, now=now),
        created_at=now,
        **columns(terms, found.seller_id, found.mask),
    )
    write_offers(row, [product.product_id for product in found.products])
    record("schedule drop", row, actor=actor, now=now)
    return Scheduled(view(row.id), tuple(obstacles(terms, found, but=row.id)))


@transaction.atomic
def change_drop(
    *, drop_id: UUID, terms: DropTerms, now: datetime, actor: UUID | None = None
) -> Scheduled | BadTerms | NotYours | NotFound | Unchanged:
    """Change a drop: all of a draft; of a published one what nobody counts on; never one over.

    A published drop must stay publishable, so its obstacles are problems here.
    """
    row = locked(drop_id)
    if row is None:
        return NotFound()
    if not may_manage(seller_id=row.seller_id, actor=actor, now=now):
        return NotYours(row.seller_id)
    before = view(row.id)
    phase = before.phase(now)
    if phase in {Phase.OVER, Phase.WITHDRAWN} or before.is_rehearsal:
        return Unchanged("it is over")
    found = ground(terms, but=row.id, now=now)
    problems = [*found.problems, *_too_late(before, terms, phase)]
    if problems or found.seller_id is None:
        return BadTerms(tuple(problems))
    hurdles = obstacles(terms, found, but=row.id) if phase is not Phase.OPEN else []
    if hurdles and phase is not Phase.DRAFT:
        return BadTerms(tuple(hurdles))
    _rewrite(row, terms, found, now=now)
    record("change drop", row, actor=actor, now=now, detail=_differences(before, view(row.id)))
    return Scheduled(view(row.id), tuple(hurdles))


def _rewrite(row: models.Drop, terms: DropTerms, found: Ground, *, now: datetime) -> None:
    assert found.seller_id is not None
    models.Drop.objects.filter(id=row.id).update(**columns(terms, found.seller_id, found.mask))
    row.slug = terms.slug
    wanted = [product.product_id for product in found.products]
    if wanted != list(row.offers.order_by("position").values_list("product_id", flat=True)):
        row.offers.all().delete()
        write_offers(row, wanted)
    room = waitingroom.room(row.room_id)
    assert room is not None, row.slug
    if terms.opens_at != room.opens_at and now >= room.opens_at:
        # A draft whose hour passed: nobody was told of its room, and an open one does not move.
        models.Drop.objects.filter(id=row.id).update(room_id=_new_room(terms, now=now))
        return
    waitingroom.change_room(
        room_id=row.room_id,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        guests_allowed=terms.guests_allowed,
        now=now,
    )


def _new_room(terms: DropTerms, *, now: datetime) -> UUID:
    """A room of the drop's name, or of one like it where another drop had that name before."""
    is_taken = waitingroom.room_called(terms.slug) is not None
    return waitingroom.create_room(
        code=f"{terms.slug[:60]}-{secrets.token_hex(4)}" if is_taken else terms.slug,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        guests_allowed=terms.guests_allowed,
        now=now,
    ).id


def columns(terms: DropTerms, seller_id: UUID, mask: int) -> dict[str, Any]:
    """The terms as the table keeps them."""
    return {
        "slug": terms.slug,
        "names": {code: text.strip() for code, text in terms.names.items() if text.strip()},
        "texts": {code: text.strip() for code, text in terms.texts.items() if text.strip()},
        "seller_id": seller_id,
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "territory": terms.territory,
        "territory_mask": mask.to_bytes(MASK_BYTES, "little"),
        "units_per_buyer": terms.units_per_buyer,
        "hold_seconds": terms.hold_seconds,
    }


def write_offers(row: models.Drop, product_ids: list[UUID]) -> None:
    """The drop's offers in this order; it has none yet."""
    models.Offer.objects.bulk_create(
        models.Offer(drop=row, product_id=product_id, position=position)
        for position, product_id in enumerate(product_ids)
    )


def terms_of(drop: DropView) -> DropTerms:
    """The terms that would make this drop."""
    (seller,) = games.organisations(ids=(drop.seller_id,))
    room = waitingroom.room(drop.room_id)
    assert room is not None, drop.slug
    return DropTerms(
        slug=drop.slug,
        names=drop.names,
        texts=drop.texts,
        seller=seller.code,
        products=tuple(offer.handle for offer in drop.offers),
        opens_at=drop.opens_at,
        closes_at=drop.closes_at,
        territory=drop.territory,
        units_per_buyer=drop.units_per_buyer,
        hold_seconds=drop.hold_seconds,
        guests_allowed=room.guests_allowed,
    )


def _too_late(before: DropView, terms: DropTerms, phase: Phase) -> list[Problem]:
    if phase is Phase.DRAFT:
        return []
    old = terms_of(before)
    names = DropTerms.__dataclass_fields__
    fixed = ANNOUNCED if phase is Phase.COMING else [n for n in names if n not in OPEN_FIELDS]
    return [
        Problem(name, "too-late") for name in fixed if getattr(old, name) != getattr(terms, name)
    ]


def _differences(before: DropView, after: DropView) -> dict[str, str]:
    named = ("slug", "opens_at", "closes_at", "territory", "units_per_buyer", "hold_seconds")
    found = {
        name: f"{getattr(before, name)} → {getattr(after, name)}"
        for name in named
        if getattr(before, name) != getattr(after, name)
    }
    handles = [tuple(offer.handle for offer in each.offers) for each in (before, after)]
    if handles[0] != handles[1]:
        found["products"] = ", ".join(handles[1])
    return found


@transaction.atomic
def follow_atlas(*, now: datetime) -> int:
    """Read the territory text of drops that are not over again; how many mean something else."""
    atlas, changed = games.atlas(), 0
    for row in models.Drop.objects.select_for_update().filter(closes_at__gt=now).order_by("id"):
        try:
            mask = atlas.mask(row.territory, row.opens_at).to_bytes(MASK_BYTES, "little")
        except games.TerritoryTextError:
            continue  # The text was right once: what it meant then still holds.
        if bytes(row.territory_mask) != mask:
            row.territory_mask = mask
            row.save(update_fields=["territory_mask"])
            record("follow the territories", row, actor=None, now=now)
            changed += 1
    return changed
