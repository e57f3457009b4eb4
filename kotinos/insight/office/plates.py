"""Figures on the world map, in a table washed by them, and by the day on which people began."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.insight.office.drawing import Cell, Drawn, MapPicture, Table, step_of, sums
from kotinos.insight.office.figures import names_of, percent, whole, written
from kotinos.insight.office.ranking import heading_of
from kotinos.kernel.mapview import Layer, Territory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kotinos.insight.office.drawing import Cohort, Heat, Place, Record, World

STEPS = 4
TABLE_ROWS_MAX = 300
COHORT_DAYS_MAX = 14
COHORTS_MAX = 31


def world(draw: World, records: Sequence[Record], place: Place, ident: str) -> Drawn:
    """Territories in four steps from few to many."""
    groups = sums(records, (draw.by,), (draw.y,))
    counts = {str(key[0]): one.counts[draw.y] for key, one in groups.items()}
    shown = {code: count for code, count in counts.items() if code and count > 0}
    finding = _world_finding(draw, shown)
    order = sorted(shown, key=lambda code: (-shown[code], code))
    most = max(shown.values(), default=0)
    rows = [
        [
            Cell(
                games.territory_name(code, "en"),
                url=place.link(territory=code),
                percent=max(1, round(100 * shown[code] / most)),
            ),
            Cell(written(draw.y, shown[code]), is_number=True),
        ]
        for code in order[:TABLE_ROWS_MAX]
    ]
    headings = [(_("Territory"), False), (str(draw.noun), True)]
    picture = picture_of(shown, draw, finding=finding, ident=ident)
    return Drawn("world", finding, Table(headings, rows), map=picture, is_empty=not shown)


def picture_of(counts: Mapping[str, int], draw: World, *, finding: str, ident: str) -> MapPicture:
    """The map itself; its labels have the numbers."""
    most = max(counts.values(), default=0)
    layers = []
    for step, codes in sorted(_by_step(counts, most).items()):
        found = [counts[code] for code in codes]
        least, most_here = written(draw.y, min(found)), written(draw.y, max(found))
        span = least if least == most_here else f"{least} – {most_here}"
        named = [Territory(code, games.territory_name(code, "en")) for code in codes]
        layers.append(Layer(f"map-step-{step}", f"{span} {str(draw.noun).lower()}", tuple(named)))
    fill = {each.code: layer.css_class for layer in layers for each in layer.territories}
    noun = str(draw.noun).lower()
    labels = {
        code: f"{games.territory_name(code, 'en')}: {written(draw.y, count)} {noun}"
        for code, count in counts.items()
    }
    drawn = games.worldmap.svg(
        fill, title=str(draw.noun), description=finding, labels=labels, ident=ident
    )
    return MapPicture(mark_safe(drawn), finding, layers, draw.rest)  # noqa: S308 - worldmap.svg escapes every text it is given


def _by_step(counts: Mapping[str, int], most: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for code in games.sorted_by_name(counts, "en"):
        share = counts[code] / most if most else 0
        found[min(STEPS, 1 + int((STEPS - 0.001) * share**0.5))].append(code)
    return found


def _world_finding(draw: World, counts: Mapping[str, int]) -> str:
    if not counts:
        return _("Nothing in this time.")
    top = max(counts, key=lambda code: (counts[code], code))
    return _("%(total)s %(noun)s in %(places)d territories, most of them in %(top)s: %(most)s.") % {
        "total": written(draw.y, sum(counts.values())),
        "noun": str(draw.noun).lower(),
        "places": len(counts),
        "top": games.territory_name(top, "en"),
        "most": written(draw.y, counts[top]),
    }


def heat(draw: Heat, records: Sequence[Record], place: Place) -> Drawn:
    """The largest rows and columns; what is beyond them is added up at the ends."""
    groups = sums(records, (draw.down, draw.across), (draw.y,))
    pairs = {(str(down), str(across)): one.counts[draw.y] for (down, across), one in groups.items()}
    downs = _largest(pairs, 0, draw.rows_max)
    acrosses = _largest(pairs, 1, draw.columns_max)
    down_words, across_words = names_of(draw.down, downs), names_of(draw.across, acrosses)
    total = sum(pairs.values())
    most = max((pairs.get((down, across), 0) for down in downs for across in acrosses), default=0)
    rows = []
    for down in downs:
        whole_row = sum(count for (one, _a), count in pairs.items() if one == down)
        cells = [
            Cell(
                whole(pairs.get((down, across), 0)) if pairs.get((down, across)) else "",
                url=place.link(**{draw.down: down, draw.across: across}) if down else "",
                is_number=True,
                step=step_of(pairs.get((down, across), 0), most),
            )
            for across in acrosses
        ]
        rest = whole_row - sum(pairs.get((down, across), 0) for across in acrosses)
        first = Cell(down_words[down], url=place.link(**{draw.down: down}) if down else "")
        rows.append(
            [
                first,
                *cells,
                Cell(whole(rest) if rest else "", is_number=True),
                Cell(whole(whole_row), is_number=True),
            ]
        )
    headings = [
        (f"{heading_of(draw.down)} / {heading_of(draw.across)}", False),
        *((across_words[across], True) for across in acrosses),
        (_("Elsewhere"), True),
        (_("All"), True),
    ]
    left_out = len({down for down, _across in pairs}) - len(downs)
    finding = _heat_finding(draw, pairs, total)
    return Drawn("heat", finding, Table(headings, rows, left_out), is_empty=not total)


def _largest(pairs: Mapping[tuple[str, str], int], side: int, at_most: int) -> list[str]:
    totals: dict[str, int] = defaultdict(int)
    for pair, count in pairs.items():
        totals[pair[side]] += count
    return sorted(totals, key=lambda value: (-totals[value], value))[:at_most]


def _heat_finding(draw: Heat, pairs: Mapping[tuple[str, str], int], total: int) -> str:
    if total <= 0:
        return _("Nothing in this time.")
    down, across = max(pairs, key=lambda pair: (pairs[pair], pair))
    here, there = names_of(draw.down, [down])[down], names_of(draw.across, [across])[across]
    if here == there:
        return _("%(name)s at home is the largest field: %(most)s of %(total)s %(noun)s.") % {
            "name": here,
            "most": whole(pairs[down, across]),
            "total": whole(total),
            "noun": str(draw.noun).lower(),
        }
    return _("%(down)s in %(across)s is the largest field: %(most)s of %(total)s %(noun)s.") % {
        "down": here,
        "across": there,
        "most": whole(pairs[down, across]),
        "total": whole(total),
        "noun": str(draw.noun).lower(),
    }


def cohort(draw: Cohort, records: Sequence[Record]) -> Drawn:
    """A row for each first day, a column for each day after it."""
    people: dict[date, dict[int, int]] = defaultdict(dict)
    for record in records:
        first, after = record[draw.first], record[draw.after]
        assert isinstance(first, date)
        people[first][int(str(after))] = int(str(record[draw.y] or 0))
    days = sorted(people)[-COHORTS_MAX:]
    afters = range(min(COHORT_DAYS_MAX, max((max(people[day]) for day in days), default=0)) + 1)
    rows = [
        [
            Cell(f"{day:%-d %b}"),
            Cell(whole(people[day].get(0, 0)), is_number=True),
            *(_share(people[day], after, days[-1], day) for after in afters[1:]),
        ]
        for day in days
    ]
    headings = [
        (_("First day"), False),
        (_("People"), True),
        *((_("+%(days)d d") % {"days": after}, True) for after in afters[1:]),
    ]
    return Drawn("heat", _cohort_finding(people.values()), Table(headings, rows), is_empty=not days)


def _share(people: Mapping[int, int], after: int, last: date, day: date) -> Cell:
    """What is not yet is empty, what is nobody is 0 %."""
    if (last - day).days < after:
        return Cell("", is_number=True)
    began = people.get(0, 0)
    share = 10_000 * people.get(after, 0) // began if began else 0
    return Cell(f"{round(share / 100)} %", is_number=True, step=step_of(share, 6_000))


def _cohort_finding(cohorts: Iterable[Mapping[int, int]]) -> str:
    began = came = 0
    for people in cohorts:
        if 1 in people:
            began += people.get(0, 0)
            came += people[1]
    if not began:
        return _("Nobody has come back yet.")
    return _("%(share)s of people came back on the next day.") % {
        "share": percent(10_000 * came // began)
    }
