"""What a chart is: how an answer's rows become a picture, a sentence and a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise

    from kotinos.insight.contracts import Param, Value
    from kotinos.insight.office.asking import Asked
    from kotinos.kernel.mapview import Layer

Record: TypeAlias = "Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Over:
    """Figures over time: one line or column part for each of `y`, or for each value of `split`."""

    x: str
    y: tuple[tuple[str, StrOrPromise], ...]
    kind: str = "columns"  # or lines, or area
    split: str = ""
    divided_by: int = 1
    peak_of_hour: bool = False  # of longer times only the largest value of each hour is drawn


@dataclass(frozen=True, slots=True)
class Rank:
    """The largest first, with a bar each; `more` are columns that stand beside."""

    by: str
    y: str
    noun: StrOrPromise
    more: tuple[tuple[str, StrOrPromise], ...] = ()
    top: int = 10
    label: str = ""  # a column with the words for `by`, if the answer has it
    adds_up: bool = True  # False: one person may be in several of its groups


@dataclass(frozen=True, slots=True)
class Heat:
    """One figure for each pair, as a table whose cells are washed by it."""

    down: str
    across: str
    y: str
    noun: StrOrPromise
    rows_max: int = 14
    columns_max: int = 10


@dataclass(frozen=True, slots=True)
class World:
    """One figure for each territory."""

    y: str
    noun: StrOrPromise
    rest: StrOrPromise
    by: str = "territory"


@dataclass(frozen=True, slots=True)
class Steps:
    """An ordered funnel."""

    name: str = "name"
    y: str = "people"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who came back, by the day of the first visit."""

    first: str = "first_day"
    after: str = "after_days"
    y: str = "people"
    began: str = "began"


Draw: TypeAlias = Over | Rank | Heat | World | Steps | Cohort


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a board. `key` is its name in addresses; `wide` takes the whole width."""

    key: str
    metric: str
    title: StrOrPromise
    draw: Draw
    params: Mapping[str, Param] = field(default_factory=dict)
    wide: bool = False
    rows_of: str = ""  # the table whose rows are behind it
    unit: StrOrPromise = ""  # what is drawn, where that is not the metric's own unit


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str = ""
    is_number: bool = False
    step: int = 0  # 0 to 5: how strongly it is washed
    percent: int = -1  # the length of its bar; below 0: it has none


@dataclass(frozen=True, slots=True)
class Table:
    """What a reader of figures reads; the first cell of a row names it."""

    headings: Sequence[tuple[str, bool]]  # words, and whether numbers stand below
    rows: Sequence[Sequence[Cell]]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class MapPicture:
    svg: SafeString
    finding: str
    layers: Sequence[Layer]
    rest: StrOrPromise


@dataclass(frozen=True, slots=True)
class Drawn:
    """`kind` names the template part; `spec` is what the script draws, if it draws anything."""

    kind: str
    finding: str
    table: Table
    spec: Mapping[str, Any] | None = None
    map: MapPicture | None = None
    parts: Sequence[Any] = ()
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: what was asked, and the page's own address for its links."""

    asked: Asked
    path: str
    games: str  # the edition's name, for the band of its days

    def link(self, **changes: str | None) -> str:
        return f"{self.path}?{self.asked.address(**changes)}"


@dataclass(slots=True)
class Sum:
    """One group's figures; money is kept apart by currency."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    weight: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def money(self) -> list[tuple[int, str]]:
        """Amounts, that of the currency most was counted in first: no sum goes over two, so which
        is worth most cannot be told.
        """
        order = sorted(self.minor, key=lambda code: (-self.weight[code], code))
        return [(self.minor[code], code) for code in order if self.minor[code] and code]


def sums(
    records: Iterable[Record], by: Sequence[str], columns: Sequence[str]
) -> dict[tuple[Value, ...], Sum]:
    """The records of each group added up."""
    found: dict[tuple[Value, ...], Sum] = {}
    for record in records:
        one = found.setdefault(tuple(record[name] for name in by), Sum())
        for name in columns:
            value = record.get(name)
            if isinstance(value, int):
                if name == "minor":
                    code = str(record.get("currency", ""))
                    one.minor[code] += value
                    one.weight[code] += _weight(record)
                else:
                    one.counts[name] += value
    return found


def _weight(record: Record) -> int:
    """What money is counted beside: units, refusals, or the row itself."""
    for name in ("units", "refusals", "orders"):
        value = record.get(name)
        if isinstance(value, int):
            return abs(value)
    return 1


def step_of(value: int, most: int) -> int:
    """1 to 5 for what is above 0: the root, so that one giant does not whiten all others."""
    if value <= 0 or most <= 0:
        return 0
    return min(5, 1 + int(4.999 * (value / most) ** 0.5))
