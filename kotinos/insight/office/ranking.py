"""Figures by name: the largest first, and the steps of a way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kotinos.insight.office.asking import NARROWS
from kotinos.insight.office.drawing import Cell, Drawn, Table, sums
from kotinos.insight.office.figures import money, names_of, percent, whole, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.insight.contracts import Value
    from kotinos.insight.office.drawing import Place, Rank, Record, Steps, Sum


def rank(draw: Rank, records: Sequence[Record], place: Place) -> Drawn:
    """Groups by the column, largest first; each leads to a page of it alone."""
    groups = sums(records, (draw.by,), (draw.y, *(name for name, _words in draw.more)))
    order = sorted(groups, key=lambda key: (-groups[key].counts[draw.y], str(key[0])))
    shown = order[: draw.top]
    words = _words(draw, records, [str(key[0]) for key in shown])
    most = max((groups[key].counts[draw.y] for key in shown), default=0)
    rows = [
        [
            Cell(
                words[str(key[0])],
                url=_leads(draw, str(key[0]), place),
                percent=_bar(groups[key].counts[draw.y], most),
            ),
            Cell(written(draw.y, groups[key].counts[draw.y]), is_number=True),
            *(Cell(_more(groups[key], name), is_number=True) for name, _words in draw.more),
        ]
        for key in shown
    ]
    headings = [
        (heading_of(draw.by), False),
        (str(draw.noun), True),
        *((str(name), True) for _column, name in draw.more),
    ]
    table = Table(headings, rows, len(order) - len(shown))
    finding = _finding(draw, groups, [words[str(key[0])] for key in shown[:1]])
    return Drawn("rank", finding, table, is_empty=not rows)


def _words(draw: Rank, records: Sequence[Record], values: Sequence[str]) -> dict[str, str]:
    found = names_of(draw.by, values)
    if draw.label:
        given = {str(record[draw.by]): str(record[draw.label]) for record in records}
        found |= {value: given[value] for value in values if given.get(value)}
    return found


def _leads(draw: Rank, value: str, place: Place) -> str:
    if not value or (draw.by not in NARROWS and draw.by != "territory"):
        return ""
    return place.link(**{draw.by: value})


def _bar(value: int, most: int) -> int:
    return max(1, round(100 * value / most)) if most > 0 and value > 0 else 0


def _more(one: Sum, name: str) -> str:
    if name == "minor":
        return " · ".join(money(one.money[:2])) or "–"
    return written(name, one.counts[name])


def _finding(draw: Rank, groups: Mapping[tuple[Value, ...], Sum], first: Sequence[str]) -> str:
    total = sum(one.counts[draw.y] for one in groups.values())
    if not first or total <= 0:
        return _("Nothing in this time.")
    top = max(one.counts[draw.y] for one in groups.values())
    if not draw.adds_up:
        return _("%(name)s leads with %(top)s %(noun)s.") % {
            "name": first[0],
            "top": written(draw.y, top),
            "noun": str(draw.noun).lower(),
        }
    if len(groups) == 1:
        return _("Only %(name)s: %(top)s %(noun)s.") % {
            "name": first[0],
            "top": written(draw.y, top),
            "noun": str(draw.noun).lower(),
        }
    return _("%(name)s leads with %(top)s of %(total)s %(noun)s.") % {
        "name": first[0],
        "top": written(draw.y, top),
        "total": written(draw.y, total),
        "noun": str(draw.noun).lower(),
    }


def heading_of(column: str) -> str:
    named = {
        "noc": _("Team"),
        "territory": _("Territory"),
        "product": _("Product"),
        "reason": _("Reason"),
        "property": _("Property"),
        "subject": _("Programme"),
        "drop": _("Drop"),
        "source": _("Source"),
        "name": _("Event"),
        "via": _("Way"),
    }
    return named.get(column, column.replace("_", " ").capitalize())


def steps(draw: Steps, records: Sequence[Record]) -> Drawn:
    """Each step with how many came so far, and how many of the step before were lost."""
    counts = [int(str(record[draw.y] or 0)) for record in records]
    first = counts[0] if counts else 0
    rows, lost = [], []
    for place, (record, count) in enumerate(zip(records, counts, strict=True)):
        before = counts[place - 1] if place else count
        lost.append(before - count)
        rows.append(
            [
                Cell(str(record[draw.name]), percent=_bar(count, first)),
                Cell(whole(count), is_number=True),
                Cell(percent(10_000 * count // first if first else 0), is_number=True),
                Cell(f"−{whole(before - count)}" if place else "", is_number=True),
            ]
        )
    headings = [
        (_("Step"), False),
        (_("People"), True),
        (_("Of the first"), True),
        (_("Lost"), True),
    ]
    finding = _("Nobody began in this time.")
    if first:
        worst = max(range(1, len(counts)), key=lambda place: lost[place], default=0)
        finding = _(
            "Of %(first)s people %(last)s got to the end; most are lost before %(step)s."
        ) % {
            "first": whole(first),
            "last": percent(10_000 * counts[-1] // first),
            "step": str(records[worst][draw.name]),
        }
    return Drawn("steps", finding, Table(headings, rows), is_empty=not first)
