"""Events of the outbox as rows of the lake. Pure, and total: every event gives at least one row.

An event of a kind that has no table, or whose payload is not what was agreed, becomes a row of
`facts` with all that it says: nothing raises and nothing is lost. Fields that older payloads do
not have are empty. What a table's columns mean is in `tables`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from kotinos.insight import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kotinos.insight.tables import Table
    from kotinos.kernel.outbox import Event

Row = dict[str, object]
_INTEGER_MAX = 2**63 - 1
_EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}", re.ASCII)  # it names a folder


class _MalformedError(Exception):
    """The payload is not what was agreed for its kind."""


def rows_of(events: Iterable[Event], *, edition: str = "") -> dict[str, list[Row]]:
    """Rows by the name of their table, each with every column, in the order of the events.

    `edition` is written where an event says none. A row's id is its event's, with the number of
    the line behind it where one event gives several: the same event twice can be told.
    """
    found: dict[str, list[Row]] = {}
    for event in events:
        for table, row in _rows(_Said(event, edition)):
            found.setdefault(table.name, []).append(_whole(table, row))
    return found


def _whole(table: Table, row: Row) -> Row:
    return {
        column.name: row.get(column.name, "" if column.kind == "text" else None)
        for column in table.columns
    }


def _rows(said: _Said) -> list[tuple[Table, Row]]:
    write = _WRITERS.get(said.event.kind)
    if write is not None:
        try:
            return list(write(said))
        except _MalformedError:
            pass
    payload = json.dumps(said.event.payload, separators=(",", ":"), default=str)
    unread = said.common(edition=said.edition, organisation="", territory="")
    return [(tables.FACTS, unread | {"kind": said.event.kind, "payload": payload})]


@dataclass(frozen=True, slots=True)
class _Fields:
    """Fields of a JSON object, read as what they were agreed to be, or `_MalformedError`."""

    fields: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _MalformedError(name)
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a pair: no file can hold it
            raise _MalformedError(name) from None
        return value

    def texts(self, *names: str) -> Row:
        return {name: self.text(name) for name in names}

    def integer(self, name: str) -> int | None:
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _INTEGER_MAX:
            raise _MalformedError(name)
        return value

    def amount(self, name: str) -> int:
        """An integer that must be there."""
        value = self.integer(name)
        if value is None:
            raise _MalformedError(name)
        return value

    def flag(self, name: str) -> bool:
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise _MalformedError(name)
        return value

    def instant(self, name: str) -> datetime | None:
        said = self.text(name)
        try:
            return _utc(datetime.fromisoformat(said)) if said else None
        except (ValueError, OverflowError):
            raise _MalformedError(name) from None

    def several(self, name: str) -> list[Any]:
        value = self.fields.get(name, [])
        if not isinstance(value, list):
            raise _MalformedError(name)
        return value

    def edition(self, otherwise: str) -> str:
        said = self.text("edition")
        if said and not _EDITION.fullmatch(said):
            raise _MalformedError("edition")
        return said or otherwise


def _fields(value: object) -> _Fields:
    if not isinstance(value, dict):
        raise _MalformedError
    return _Fields(value)


def _utc(instant: datetime) -> datetime:
    """UTC without saying so, as instants stand in the lake."""
    return instant.astimezone(timezone.utc).replace(tzinfo=None) if instant.tzinfo else instant


@dataclass(frozen=True, slots=True)
class _Said:
    """One event, and the edition it is counted for where it names none."""

    event: Event
    edition: str

    @property
    def fields(self) -> _Fields:
        return _fields(self.event.payload)

    @property
    def last_word(self) -> str:
        """Of the kind: `orders.confirmed` says `confirmed`."""
        return self.event.kind.rpartition(".")[2]

    def common(self, *, edition: str, organisation: str, territory: str) -> Row:
        at = _utc(self.event.happened_at)
        return {
            "id": str(self.event.id),
            "edition": edition,
            "day": at.date(),
            "organisation": organisation,
            "occurred_at": at,
            "received_at": at,
            "territory": territory,
        }

    def read(self, *texts: str) -> Row:
        """What every table begins with, and some texts."""
        fields = self.fields
        common = self.common(
            edition=fields.edition(self.edition),
            organisation=fields.text("organisation"),
            territory=fields.text("territory"),
        )
        return common | fields.texts(*texts)


def _order(said: _Said) -> Iterator[tuple[Table, Row]]:
    """The order, and its lines: given back where it is refunded, so that sums are what stayed."""
    fields, row = said.fields, said.read("order", "currency")
    lines = [_fields(line) for line in fields.several("lines")]
    sellers = {line.text("seller") for line in lines}
    units = _Fields({"units": sum(line.amount("units") for line in lines)})
    is_told = "lines" in fields.fields  # older news has none, which does not say that none were
    whole = row | {
        "organisation": sellers.pop() if len(sellers) == 1 else "",
        "state": said.last_word,
        "lines": len(lines) if is_told else None,
        "units": units.amount("units") if is_told else None,
        "minor": fields.integer("minor"),
    }
    yield tables.ORDERS, whole
    sign = -1 if said.last_word == "refunded" else 1
    for number, line in enumerate(lines):
        yield (
            tables.SALES,
            row | _line(line, str(row["edition"]), sign) | {"id": f"{said.event.id}:{number}"},
        )


_LINE_TEXTS = ("noc", "work", "product", "sku", "title", "grant", "via", "drop")


def _line(line: _Fields, edition: str, sign: int) -> Row:
    return line.texts(*_LINE_TEXTS) | {
        "edition": line.edition(edition),
        "organisation": line.text("seller"),
        "position": line.integer("position"),
        "units": sign * line.amount("units"),
        "minor": sign * line.amount("minor"),
    }


def _refusal(said: _Said) -> Iterator[tuple[Table, Row]]:
    row = said.read("work", "noc", "property", "reason", "blocking", "currency")
    yield (
        tables.REFUSALS,
        row | {"bot": said.fields.flag("bot"), "minor": said.fields.integer("minor")},
    )


def _payment(said: _Said) -> Iterator[tuple[Table, Row]]:
    row = said.read("reference", "intent", "currency")
    yield tables.PAYMENTS, row | {"state": said.last_word, "minor": said.fields.integer("minor")}


def _drop(said: _Said) -> Iterator[tuple[Table, Row]]:
    yield tables.DROPS, said.read("drop", "slug", "verb")


def _channel(said: _Said) -> Iterator[tuple[Table, Row]]:
    row = said.read("programme", "code", "package", "source", "session")
    at = said.fields.instant("from")
    yield tables.CHANNEL, row | {"what": said.last_word, "effective_at": at}


def _change(said: _Said) -> Iterator[tuple[Table, Row]]:
    grants = _fields({"grants": " ".join(map(str, said.fields.several("grants")))})
    yield (
        tables.CHANGES,
        said.read("cause", "subject")
        | {
            "what": said.event.kind,
            "works": said.fields.integer("works"),
            "grants": grants.text("grants"),
        },
    )


_BY_TABLE: dict[str, Callable[[_Said], Iterator[tuple[Table, Row]]]] = {
    tables.SALES.name: _order,
    tables.REFUSALS.name: _refusal,
    tables.PAYMENTS.name: _payment,
    tables.DROPS.name: _drop,
    tables.CHANNEL.name: _channel,
    tables.CHANGES.name: _change,
}
_WRITERS = {kind: write for name, write in _BY_TABLE.items() for kind in tables.TABLES[name].source}
