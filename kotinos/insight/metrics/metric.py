"""What a metric is: one definition, one sentence, one unit, one owner, on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kotinos.insight.tables import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake
    from kotinos.insight.tables import Kind

# An ibis expression. Its columns come into being when it is built, so mypy cannot know them; what
# a metric answers is checked against its `columns` when it is asked.
Rows = Any
Dashboard = Literal["live", "shop", "rights", "channel", "drops", "operations"]
Owner = Literal["shop", "rights", "channel", "operations"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something a reader may choose; an integer lies from `least` to `most`."""

    name: str
    default: Param
    sentence: str
    least: int = 1
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Metric:
    """`build` makes its rows, totally ordered, from tables that the scope has already narrowed.

    An answer's instants come out of SQL as microseconds since 1970, its days as dates or as days
    since 1970; `engines.rows` makes them Python's. `daily`: the rows of a day depend on nothing but
    that day, and a day's rows stand together, so that answers of days can be kept and laid end to
    end.
    """

    name: str
    sentence: str
    unit: str
    owner: Owner
    dashboards: tuple[Dashboard, ...]
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    build: Callable[[Lake, Mapping[str, Param]], Rows]
    params: tuple[Parameter, ...] = ()
    daily: bool = False

    def chosen(self, params: Mapping[str, Param]) -> dict[str, Param]:
        """Return every parameter's value. ValueError: one is unknown, or not of its kind."""
        known = {param.name: param for param in self.params}
        if unknown := sorted(set(params) - set(known)):
            raise ValueError(f"{self.name} has no parameter {', '.join(unknown)}")
        return {
            name: _checked(param, params[name]) if name in params else param.default
            for name, param in known.items()
        }


def _checked(param: Parameter, value: Param) -> Param:
    if type(value) is not type(param.default):
        raise ValueError(f"{param.name} is {type(param.default).__name__}, not {value!r}")
    if isinstance(value, int) and not param.least <= value <= param.most:
        raise ValueError(f"{param.name} is from {param.least} to {param.most}, not {value}")
    return value


def text(name: str, sentence: str) -> Column:
    return Column(name, "text", sentence)


def number(name: str, sentence: str) -> Column:
    return Column(name, "integer", sentence)


def instant(name: str, sentence: str) -> Column:
    return Column(name, "instant", sentence)


def day(name: str, sentence: str) -> Column:
    return Column(name, "day", sentence)


KINDS: dict[Kind, str] = {
    "text": "string",
    "integer": "int64",
    "flag": "boolean",
    "instant": "timestamp(6)",
    "day": "date",
}
