"""What signing, suspending, lifting or ending a grant would do, worked out before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.kernel.languages import pick
from kotinos.kernel.money import Money, format_money
from kotinos.rights import acts, models, statements
from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import Window, use_bit
from kotinos.rights.denied import served_by
from kotinos.rights.loading import load_book
from kotinos.rights.office import maps, queries, words
from kotinos.rights.office.forms import use_words
from kotinos.rights.office.rows import ConflictLine, EffectView
from kotinos.rights.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.contracts import Atlas
    from kotinos.kernel.mapview import MapView
    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Act, Conflict, Grant, Outlet
    from kotinos.rights.simulate import Effect
    from kotinos.rights.statements import TouchedSet

TITLES_MAX = 6


@dataclass(frozen=True, slots=True)
class Ground:
    """The part of the book that some grants touch, and the property sets of works in it."""

    book: Book
    sets: tuple[TouchedSet, ...]


def ground(grants: Iterable[models.Grant], *, now: datetime) -> Ground:
    """Everything needed to say what a change of these grants does."""
    found = list(grants)
    wanted = [row.property_id for row in found]
    sets = rich.run(statements.touched_sets, properties=wanted)
    (below,) = rich.run(statements.subtree, properties=wanted)
    members = {member for each in sets for member in each.properties}
    book = load_book(now=now, property_ids={*members, *below}, grant_ids=[row.id for row in found])
    return Ground(book, tuple(sets))


def of_signing(row: models.Grant, *, now: datetime, language: str) -> EffectView:
    """The effect of the grant coming into force."""
    here = ground([row], now=now)
    moment = max(now, row.starts_at) if row.starts_at else now
    added = [here.book.grant_by_id[row.id]]
    return _view(here, row, added=added, removed=(), at=moment, language=language)


def of_stopping(row: models.Grant, *, now: datetime, language: str) -> EffectView:
    """The effect of the grant giving nothing any more: suspended or terminated."""
    here = ground([row], now=now)
    return _view(here, row, added=(), removed=[row.id], at=now, language=language)


def of_lifting(row: models.Grant, *, now: datetime, language: str) -> EffectView:
    """The effect of the grant's suspension being lifted."""
    here = ground([row], now=now)
    free = replace(here.book.grant_by_id[row.id], suspensions=())
    return _view(here, row, added=[free], removed=(), at=now, language=language)


def of_plan(
    here: Ground,
    *,
    added: Sequence[Grant],
    removed: Collection[UUID],
    act: Act,
    outlet: Outlet,
    at: datetime,
    language: str,
) -> EffectView:
    """The effect of several drafts signed and several grants ended at once."""
    found = simulate(
        here.book,
        [each.properties for each in here.sets],
        added=added,
        removed=removed,
        act=act,
        outlet=outlet,
        at=at,
    )
    before = _open_before(here, act=act, outlet=outlet, at=at)
    return _summary(here, found, before, act=act, outlet=outlet, language=language)


def _view(
    here: Ground,
    row: models.Grant,
    *,
    added: Sequence[Grant],
    removed: Collection[UUID],
    at: datetime,
    language: str,
) -> EffectView:
    act_text, outlet_text = use_words(row)
    act, outlet = acts.act(act_text), acts.outlet(outlet_text)
    assert act is not None, act_text
    assert outlet is not None, outlet_text
    return of_plan(
        here, added=added, removed=removed, act=act, outlet=outlet, at=at, language=language
    )


def _open_before(
    here: Ground, *, act: Act, outlet: Outlet, at: datetime
) -> dict[tuple[UUID, ...], int]:
    compiler = Compiler(here.book, since=at)
    return {
        each.properties: open_mask(compiler, each.properties, act=act, outlet=outlet, at=at)
        for each in here.sets
    }


def open_mask(
    compiler: Compiler,
    properties: tuple[UUID, ...],
    *,
    act: Act,
    outlet: Outlet,
    at: datetime,
) -> int:
    """Where anybody is cleared for this use at this moment without delay."""
    use, mask = use_bit(act, outlet), 0
    for row in compiler.compile(properties):
        in_time = Window(row.from_at, row.until_at).covers(at)
        if row.uses >> use & 1 and not row.delay_minutes and in_time:
            mask |= row.mask
    return mask


def _summary(
    here: Ground,
    found: list[Effect],
    before: dict[tuple[UUID, ...], int],
    *,
    act: Act,
    outlet: Outlet,
    language: str,
) -> EffectView:
    set_ids = {each.properties: each.id for each in here.sets}
    gained = lost = kept = 0
    for effect in found:
        gained |= effect.gained
        lost |= effect.lost
    for mask in before.values():
        kept |= mask
    gaining = [set_ids[effect.properties] for effect in found if effect.gained]
    losing = [set_ids[effect.properties] for effect in found if effect.lost]
    works = models.Work.objects.filter(property_set__in=[*gaining, *losing]).order_by("title")
    return EffectView(
        act=words.ACTS[act],
        outlet=words.OUTLETS[outlet],
        map=maps.effect(
            gained=gained & ~lost,
            lost=lost,
            kept=kept & ~gained & ~lost,
            atlas=here.book.atlas,
            language=language,
        ),
        gained=gained.bit_count(),
        lost=lost.bit_count(),
        works_touched=_works([each.id for each in here.sets]),
        works_gaining=_works(gaining),
        works_losing=_works(losing),
        titles=tuple(works.values_list("title", flat=True)[:TITLES_MAX]),
        **_served(here, found, set_ids, language),
    )


def _served(
    here: Ground, found: list[Effect], set_ids: dict[tuple[UUID, ...], UUID], language: str
) -> dict[str, Any]:
    """The refusals met so far, in what opens: how many, and what they would have brought."""
    count, minor = 0, Counter[str]()
    for effect in found:
        if effect.gained:
            codes = here.book.atlas.codes(effect.gained)
            set_id = set_ids[effect.properties]
            for row in served_by(set_id=set_id, territories=codes, filters=None):
                count += row.refusals
                minor[row.currency] += row.value_minor
    money = (format_money(Money(sum_, currency), language) for currency, sum_ in minor.items())
    return {"served_count": count, "served_money": tuple(money)}


def _works(set_ids: Collection[UUID]) -> int:
    return models.Work.objects.filter(property_set__in=set_ids).count()


def conflict_lines(
    conflicts: Iterable[Conflict], *, atlas: Atlas, language: str
) -> tuple[ConflictLine, ...]:
    """Overlaps with every name looked up. The other grant is named even where it is another's:
    without its number nobody could settle the matter.
    """
    found = list(conflicts)
    numbers = dict(
        models.Grant.objects.filter(id__in=[each.grant_id for each in found]).values_list(
            "id", "number"
        )
    )
    owners = _grantees(numbers)
    names = {
        row.id: pick(row.names, language)
        for row in models.Property.objects.filter(
            id__in={each for conflict in found for each in conflict.property_ids}
        )
    }
    bits = atlas.bits
    return tuple(
        ConflictLine(
            number=numbers.get(each.grant_id, ""),
            holder=owners.get(each.grant_id, ""),
            properties=tuple(names.get(one, "") for one in each.property_ids),
            acts=tuple(words.ACTS[act] for act in each.acts),
            outlets=tuple(words.outlet_names([outlet.text for outlet in each.outlets])),
            territories=maps.territories(
                sum(1 << bits[code] for code in each.territories), atlas, language
            ),
            territory_text=atlas.text(sum(1 << bits[code] for code in each.territories)),
            from_at=each.window.from_at,
            until_at=each.window.until_at,
        )
        for each in found
    )


def _grantees(grant_ids: Iterable[UUID]) -> dict[UUID, str]:
    names = queries.organisation_names()
    rows = models.Grant.objects.filter(id__in=list(grant_ids)).values_list("id", "grantee_id")
    return {grant_id: names.get(grantee_id, "") for grant_id, grantee_id in rows}


def parse_territory(text: str, *, now: datetime, language: str) -> MapView | str:
    """The map of a territory text, or what is wrong with it."""
    atlas = games.atlas()
    try:
        mask = atlas.mask(text, now)
    except games.TerritoryTextError as error:
        return str(error)
    return maps.cleared(mask, atlas, language, title=text, ident="territory-map", label=_("Named"))
