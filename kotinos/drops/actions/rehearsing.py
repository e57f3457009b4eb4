"""A rehearsal: the same offers sold by nobody's hand from shelves of its own, for a minute or so.

No unit of the real stock moves, no seller sees the orders, and the public does not see the drop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kotinos.drops import models, queries
from kotinos.drops.actions.frame import locked, may_manage, record, view
from kotinos.drops.actions.scheduling import write_offers
from kotinos.drops.contracts import MASK_BYTES, DropState, Phase
from kotinos.drops.terms import Changed, NotFound, NotYours, Unchanged
from kotinos.games import api as games
from kotinos.kernel.ids import new_id
from kotinos.stock import api as stock
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView

SELLER = "REHEARSAL"
LOCATION = "rehearsal"
TERRITORIES = "AU,BR,CA,DE,ES,FR,GB,IN,JP,KE,KR,MX,NZ,US,ZA"
"""Where a rehearsal sends to, as far as the drop does: few, so that its quotes are soon fixed."""
PEAK_PER_S_MAX = 200
SECONDS = (10, 900)
UNITS_MAX = 100_000
JOINING_SECONDS = 12  # The draw needs people who came before the opening.
DRAIN_SECONDS = 60  # Who is in line at the end may still buy.
ADMISSION_SECONDS = 30  # Who gives up inside holds up the line no longer than that.
HOLD_SECONDS = 30
GUEST_BITS = 8
"""The client solves everybody's work on one core; real guests have a telephone each."""
RATE_MAX_PER_S = 500.0


@transaction.atomic
def begin_rehearsal(
    *,
    drop_id: UUID,
    peak_per_s: int,
    seconds: int,
    units: int,
    now: datetime,
    actor: UUID | None = None,
) -> Changed | NotYours | NotFound | Unchanged:
    """Make the rehearsal of a drop; it opens after `JOINING_SECONDS`. Somebody must then play it.

    `units` in all stand on its shelves, spread over the variants. ValueError outside the bounds.
    """
    if not (1 <= peak_per_s <= PEAK_PER_S_MAX and SECONDS[0] <= seconds <= SECONDS[1]):
        raise ValueError(f"a rehearsal has 1 to {PEAK_PER_S_MAX} people a second, {SECONDS} s")
    if not 1 <= units <= UNITS_MAX:
        raise ValueError(f"1 to {UNITS_MAX} units, not {units}")
    row = locked(drop_id)
    refused = _refusal(row, actor=actor, now=now)
    if refused is not None or row is None:
        return refused or NotFound()
    original = view(row.id)
    copy = _copy(original, seconds=seconds, now=now)
    models.Rehearsal.objects.create(
        drop=copy, peak_per_s=peak_per_s, seconds=seconds, asked_at=now, by_id=actor
    )
    models.State.objects.create(drop=copy, name=DropState.PUBLISHED, at=now, by_id=actor)
    _stock_up(original, copy, units=units, now=now)
    record("rehearse drop", row, actor=actor, now=now, detail={"rehearsal": copy.slug})
    record("publish drop", copy, actor=actor, now=now)
    return Changed(view(copy.id))


@transaction.atomic
def end_rehearsal(*, drop_id: UUID, result: dict[str, Any], now: datetime) -> None:
    """Write down what a rehearsal found, and close it; a repeat changes nothing."""
    row = models.Rehearsal.objects.select_for_update().filter(drop_id=drop_id).first()
    if row is None or row.ended_at is not None:
        return
    row.result, row.ended_at = result, now
    row.save(update_fields=["result", "ended_at"])
    drop = locked(drop_id)
    assert drop is not None, drop_id
    models.State.objects.get_or_create(drop=drop, name=DropState.ENDED, defaults={"at": now})
    waitingroom.end(room_id=drop.room_id, now=now)
    record("end rehearsal", drop, actor=None, now=now)


def _refusal(
    row: models.Drop | None, *, actor: UUID | None, now: datetime
) -> NotYours | NotFound | Unchanged | None:
    if row is None:
        return NotFound()
    if not may_manage(seller_id=row.seller_id, actor=actor, now=now):
        return NotYours(row.seller_id)
    drop = view(row.id)
    if drop.is_rehearsal or drop.phase(now) not in {Phase.DRAFT, Phase.COMING}:
        return Unchanged("only a drop that is still to come is rehearsed")
    if any(each.phase(now) in {Phase.COMING, Phase.OPEN} for each in rehearsals(drop)):
        return Unchanged("a rehearsal of it is still going on")
    return None


def rehearsals(drop: DropView) -> tuple[DropView, ...]:
    """The rehearsals of a drop, the latest first."""
    return tuple(each for each in queries.all_drops() if each.rehearsal_of == drop.id)


def _copy(original: DropView, *, seconds: int, now: datetime) -> models.Drop:
    opens_at = now + timedelta(seconds=JOINING_SECONDS)
    closes_at = opens_at + timedelta(seconds=seconds + DRAIN_SECONDS)
    slug = f"{original.slug[:60]}-{now:%m%d-%H%M%S}"
    room = waitingroom.create_room(
        code=slug,
        opens_at=opens_at,
        closes_at=closes_at,
        guest_bits=GUEST_BITS,
        admission_seconds=ADMISSION_SECONDS,
        rate_max_per_s=RATE_MAX_PER_S,
        now=now,
    )
    atlas = games.atlas()
    known = [code for code in TERRITORIES.split(",") if code in atlas.bits]
    mask = atlas.mask(",".join(known), opens_at) & original.territory_mask if known else 0
    mask = mask or original.territory_mask
    source = models.Drop.objects.get(id=original.id)
    copy = models.Drop.objects.create(
        slug=slug,
        names=source.names,
        texts=source.texts,
        seller_id=_seller(),
        room_id=room.id,
        opens_at=opens_at,
        closes_at=closes_at,
        territory=atlas.text(mask),
        territory_mask=mask.to_bytes(MASK_BYTES, "little"),
        units_per_buyer=source.units_per_buyer,
        hold_seconds=HOLD_SECONDS,
        rehearsal_of=source,
        created_at=now,
    )
    write_offers(copy, [offer.product_id for offer in original.offers])
    return copy


def _seller() -> UUID:
    kind = games.OrganisationKind.SELLER
    return games.ensure_organisation(code=SELLER, kind=kind, name="Rehearsal (nobody)")


def _stock_up(original: DropView, copy: models.Drop, *, units: int, now: datetime) -> None:
    """Spread the units evenly; the first variants get what is left over."""
    # It ships from where the real units would: postage follows from that.
    territory = next((each.territory for each in stock.locations(original.seller_id)), "FR")
    place = stock.open_location(
        organisation_id=copy.seller_id, code=LOCATION, name="Rehearsal", territory=territory
    )
    each, more = divmod(units, len(original.variants))
    counts = [
        stock.Count(new_id(), variant.id, place.id, each + (number < more))
        for number, variant in enumerate(original.variants)
    ]
    stock.count(counts=counts, now=now)


@dataclass(frozen=True, slots=True)
class RehearsalSize:
    """What was asked of a rehearsal."""

    peak_per_s: int
    seconds: int


def rehearsal_size(drop_id: UUID) -> RehearsalSize:
    """The size of a rehearsal that was made; it exists."""
    row = models.Rehearsal.objects.get(drop_id=drop_id)
    return RehearsalSize(row.peak_per_s, row.seconds)
