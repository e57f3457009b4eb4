"""Sealed segments become files of the lake: every row once, whatever is killed and when.

Files are written first. One transaction then counts them, remembers the segments they came from
and writes the ledger; the segments are deleted after it. A kill before the commit leaves files
that nobody counts; a kill after it leaves segments that are known to be in the lake.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
from django.db import transaction

from kotinos.insight.collect import frames as framing
from kotinos.insight.lake import ids, ledger, manifest, segments
from kotinos.insight.lake.columns import arrow_of
from kotinos.insight.models import Erasure, Segment
from kotinos.insight.tables import DEAD, EVENTS, TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kotinos.insight.collect.frames import Frame
    from kotinos.insight.lake.ledger import Counts, Line
    from kotinos.insight.lake.manifest import NewFile
    from kotinos.insight.tables import Table

_log = logging.getLogger("kotinos.insight")
_STRANGE = (pa.ArrowException, msgspec.DecodeError, LookupError, TypeError, ValueError)
"""What frames of another release, or of nobody, may cause."""
SEGMENTS_REMEMBERED = timedelta(days=2)
ROWS_AT_HAND = 1_000
"""So few that all of their values stay in the processor's cache from the log to Arrow."""
_EPOCH = date(1970, 1, 1)
_DAY_MICROSECONDS = 86_400_000_000


@dataclass(slots=True)
class _Round:
    """What one commit will count."""

    files: list[NewFile] = field(default_factory=list)
    counts: dict[Line, Counts] = field(default_factory=ledger.new_counts)


def compact(*, log: Path, now: datetime) -> int:
    """Take what is sealed; how many rows were in it. 0: there was nothing.

    A segment that cannot be understood is set aside, where it stays a part of the backlog: it
    must neither hold up the others nor disappear.
    """
    paths = segments.sealed(log)
    try:
        return _take(paths, now)
    except _STRANGE:
        return sum(_take_or_set_aside(path, now) for path in paths)


def _take_or_set_aside(path: Path, now: datetime) -> int:
    try:
        return _take([path], now)
    except _STRANGE:
        _log.exception("%s cannot be understood and is set aside", path.name)
        segments.set_aside(path)
        return 0


def _take(paths: Sequence[Path], now: datetime) -> int:
    if not paths:
        return 0
    names = [path.stem for path in paths]
    consumed = set(Segment.objects.filter(name__in=names).values_list("name", flat=True))
    fresh = [path for path in paths if path.stem not in consumed]
    found = _round(fresh, today=now.date())
    with transaction.atomic():
        manifest.commit(added=found.files, now=now)
        Segment.objects.bulk_create(Segment(name=path.stem, consumed_at=now) for path in fresh)
        ledger.add(found.counts)
    segments.remove(paths)
    return sum(counts.accepted for counts in found.counts.values())


def forget_segments(*, log: Path, now: datetime) -> None:
    """Drop the rows of segments that have been gone for long."""
    old = Segment.objects.filter(consumed_at__lt=now - SEGMENTS_REMEMBERED)
    there = {path.stem for path in log.glob("*")}
    old.exclude(name__in=there).delete()


def _round(paths: Sequence[Path], *, today: date) -> _Round:
    found = _Round()
    for name, whole in _gathered(paths, found).items():
        rows = _once(whole, found, today) if name == EVENTS.name else whole
        _count(found, rows, "dead" if name == DEAD.name else "queryable")
        if rows.num_rows:
            found.files += manifest.write_rows(table=TABLES[name], rows=rows)
    return found


def _gathered(paths: Sequence[Path], found: _Round) -> dict[str, pa.Table]:
    """All rows of some segments, by the name of their table."""
    gathered: dict[str, _Gathering] = {}
    for frame in chain.from_iterable(map(framing.read, paths)):
        if frame.rows:
            found.counts[_line(frame)].accepted += frame.rows
            if frame.table not in gathered:
                gathered[frame.table] = _Gathering(TABLES[frame.table])
            gathered[frame.table].add(frame)
    return {name: gathering.whole() for name, gathering in gathered.items()}


@dataclass(slots=True)
class _Gathering:
    """Frames of one table become columns a few at a time: while the processor has them at hand."""

    table: Table
    frames: list[Frame] = field(default_factory=list)
    rows: int = 0
    parts: list[pa.Table] = field(default_factory=list)

    def add(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.rows += frame.rows
        if self.rows >= ROWS_AT_HAND:
            self._turn()

    def whole(self) -> pa.Table:
        if self.frames:
            self._turn()
        return pa.concat_tables(self.parts).combine_chunks()

    def _turn(self) -> None:
        self.parts.append(arrow_of(self.table, self.frames))
        self.frames, self.rows = [], 0


def _line(frame: Frame) -> Line:
    return frame.edition, frame.source, _EPOCH + timedelta(frame.received // _DAY_MICROSECONDS)


def _once(rows: pa.Table, found: _Round, today: date) -> pa.Table:
    """Those rows that were not counted before and that nobody wants forgotten."""
    rows = _kept(rows, found, ~_erased(rows), "erased")
    editions = rows["edition"].unique().to_pylist()
    return pa.concat_tables(
        [_once_of(_of(rows, edition, editions), edition, found, today) for edition in editions]
        or [rows]
    )


def _of(rows: pa.Table, edition: str, editions: Sequence[str]) -> pa.Table:
    if len(editions) == 1:
        return rows
    return rows.filter(pa.compute.equal(rows["edition"], edition))


def _once_of(rows: pa.Table, edition: str, found: _Round, today: date) -> pa.Table:
    hashes = ids.hashes(edition, rows["id"].to_pylist())
    fresh = ids.first_of_each(hashes) & ~ids.Index(edition, today=today).known(hashes)
    if fresh.any():
        found.files.append(ids.write(edition, today, hashes[fresh]))
    return _kept(rows, found, fresh, "duplicates")


def _erased(rows: pa.Table) -> NDArray[np.bool_]:
    """Which rows are of people who have asked, since they were sent, to be forgotten."""
    until: dict[int, int] = {}
    for pseudonyms, asked_at in Erasure.objects.values_list("pseudonyms", "asked_at"):
        micros = int(asked_at.replace(tzinfo=timezone.utc).timestamp() * 1_000_000)
        for each in pseudonyms:
            until[each] = max(micros, until.get(each, micros))
    gone = np.zeros(rows.num_rows, bool)
    if until:
        received = rows["received_at"].cast(pa.int64()).to_numpy()
        for name in ("person", "visitor"):
            values = rows[name].to_pylist()
            gone |= received <= np.array([until.get(value, -1) for value in values], np.int64)
    return gone


def _kept(rows: pa.Table, found: _Round, keep: NDArray[np.bool_], reason: str) -> pa.Table:
    if keep.all():
        return rows
    _count(found, rows.filter(pa.array(~keep)), reason)
    return rows.filter(pa.array(keep))


def _count(found: _Round, rows: pa.Table, reason: str) -> None:
    """Add rows to one column of their lines."""
    if "source" not in rows.column_names:
        rows = rows.append_column("source", pa.repeat("watching", rows.num_rows))
    days = rows["received_at"].cast(pa.date32())
    lines = pa.table([rows["edition"], rows["source"], days], names=["edition", "source", "day"])
    for line in lines.group_by(lines.column_names).aggregate([([], "count_all")]).to_pylist():
        counts = found.counts[line["edition"], line["source"], line["day"]]
        setattr(counts, reason, getattr(counts, reason) + line["count_all"])
