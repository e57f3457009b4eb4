"""Kept answers: what was asked before is not asked again until the files it rests on change.

A metric that is `daily` is kept day by day: only days whose files changed are asked again. Any
other is kept whole. What is out of date is served at once, with its instant, while it is asked
again in the background; what was never asked is waited for as long as the caller has patience.

Questions run in a few threads of low priority, one answer once: whoever asks the same waits for
it, in this process and in others (a lock beside the answer), and only so many run on a machine at
once. So a heavy question makes others wait, and never the pages of the shop.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kotinos.insight import keeping, metrics, queueing
from kotinos.insight.contracts import (
    Answer,
    Limits,
    Outcome,
    Question,
    TooLarge,
    TooLong,
    Window,
)
from kotinos.insight.keeping import Part
from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.metrics.engines import duckdb as engine
from kotinos.insight.metrics.registry import METRICS
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kotinos.insight.contracts import Row, Value

LIMITS = Limits(seconds_max=60.0, memory_mb=768, threads=1, rows_max=200_000)
REFRESHED_AT_MOST_EVERY = timedelta(seconds=2)
SHARE_OF_TIME_MAX = 10
"""Today's files change each second: an answer younger than this, or than ten times what it took
to compute, is good enough to be shown. So one that is costly takes a tenth of a core at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was at `as_of`; a newer one is being computed unless it is `fresh`."""

    answer: Answer
    as_of: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is being computed, or stands in the line for it: ask again."""


@dataclass(frozen=True, slots=True)
class Busy:
    """The line is full; nothing was begun."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The engine broke; the log says how."""


Result: TypeAlias = Kept | Waiting | Busy | Failed | TooLong | TooLarge


@dataclass(frozen=True, slots=True)
class _Piece:
    """One file's worth of a question: a window, and the version its answer should have."""

    window: Window
    path: Path
    version: str
    files: Mapping[str, Sequence[str]]  # what the lake calls them, by table


def ask(
    question: Question, *, patience_s: float, now: datetime, newest_within_s: float = 0.0
) -> Result:
    """The answer to one question."""
    (found,) = ask_all((question,), patience_s=patience_s, now=now, newest_within_s=newest_within_s)
    return found


def ask_all(
    questions: Sequence[Question],
    *,
    patience_s: float,
    now: datetime,
    newest_within_s: float = 0.0,
) -> list[Result]:
    """The answers to some questions, in their order; all that is missing is asked for at once.

    What was never asked is waited for up to `patience_s` in all, a newer answer than the one that
    is kept up to `newest_within_s`.
    """
    versions = _Versions()
    looked = [_look(question, versions, now) for question in questions]
    began = time.monotonic()
    found: list[Result] = []
    for question, (result, job) in zip(questions, looked, strict=True):
        if job is None:
            found.append(result)
            continue
        seconds = newest_within_s if isinstance(result, Kept) else patience_s
        job.wait(max(0.0, began + seconds - time.monotonic()))
        found.append(_after(job, question, result, now))
    return found


def forget_results(edition: str) -> None:
    """Nothing kept of an edition is shown again: after an erasure, and when rules change."""
    keeping.forget(edition)
    queueing.forget_failures()


def _look(
    question: Question, versions: _Versions, now: datetime
) -> tuple[Result, queueing.Job | None]:
    """What is kept, and the job begun for what is not, or not any more."""
    pieces = _pieces(question, versions)
    parts = [keeping.read(piece.path) for piece in pieces]
    stale = [
        piece
        for piece, part in zip(pieces, parts, strict=True)
        if part is None or part.version != piece.version
    ]
    whole = [part for part in parts if part is not None]
    if not stale:
        return _kept(question, whole, now, fresh=True), None
    key = keeping.name(question.scope, question.metric, [piece.path for piece in stale])
    former = queueing.failure(key)
    if isinstance(former, TooLong | TooLarge):
        return former, None
    is_whole = len(whole) == len(pieces)
    if is_whole and _is_young(whole, now):
        return _kept(question, whole, now, fresh=False), None
    job = queueing.submit(key, lambda: _compute(question, stale), is_urgent=not is_whole)
    if is_whole:
        return _kept(question, whole, now, fresh=False), job
    return Busy() if job is None else Waiting(), job


def _is_young(parts: Sequence[Part], now: datetime) -> bool:
    took = timedelta(milliseconds=max(part.answer.took_ms for part in parts))
    age = now - max(part.as_of for part in parts)
    return age < max(REFRESHED_AT_MOST_EVERY, SHARE_OF_TIME_MAX * took)


def _after(job: queueing.Job, question: Question, before: Result, now: datetime) -> Result:
    """What a job that was waited for has come to; `before` is what there is without it."""
    if not job.is_done:
        return before
    if not isinstance(before, Kept):
        if job.failed:
            return Failed()
        if isinstance(job.outcome, TooLong | TooLarge):
            return job.outcome
    # A file may have come in meanwhile: what was just computed is good for now.
    parts = [keeping.read(piece.path) for piece in _pieces(question, _Versions())]
    found = [part for part in parts if part is not None]
    return _kept(question, found, now, fresh=True) if len(found) == len(parts) else before


def _kept(question: Question, parts: Sequence[Part], now: datetime, *, fresh: bool) -> Kept:
    """Parts put together again, in the order of their days."""
    if not parts:
        columns = METRICS[question.metric].columns
        return Kept(Answer(question.metric, columns, (), 0), now, fresh=True)
    rows = parts[0].answer.rows
    if len(parts) > 1:
        rows = tuple(row for part in parts for row in part.answer.rows)
    took_ms = sum(part.answer.took_ms for part in parts)
    answer = Answer(question.metric, parts[0].answer.columns, rows, took_ms)
    # What rests on files that have not changed is as true now as when it was computed.
    as_of = now if fresh else max(part.as_of for part in parts)
    return Kept(answer, as_of, fresh=fresh)


class _Versions:
    """The files of each table by day, read once for a page however many charts it has."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, date, date], dict[date, list[str]]] = {}

    def files(self, table: str, edition: str, window: Window) -> Mapping[date, list[str]]:
        """The keys of the files that count, by day."""
        since, until = window.first_day, window.after_last_day
        key = (table, edition, since, until)
        if key not in self._known:
            files = manifest.current(table=table, edition=edition, since=since, until=until)
            by_day = groupby(files, key=lambda file: file.day)
            self._known[key] = {day: [file.key for file in group] for day, group in by_day}
        return self._known[key]


def _digest(*texts: str) -> str:
    return blake2b("\n".join(texts).encode(), digest_size=8).hexdigest()


def _pieces(question: Question, versions: _Versions) -> list[_Piece]:
    """The files that the answer consists of. A day without a file in the lake has no rows."""
    metric, scope, window = METRICS[question.metric], question.scope, question.window
    files = {table: versions.files(table, scope.edition, window) for table in metric.tables}
    folder = keeping.folder(scope.edition)
    chosen = sorted(metric.chosen(question.params).items())
    about = (_definitions(), metric.name, scope.organisation, scope.territory, chosen)
    if not (metric.daily and window.whole_days):
        path = folder / f"{keeping.name(*about, window.since, window.until)}.arrow"
        keys = {
            name: [key for day in sorted(days) for key in days[day]] for name, days in files.items()
        }
        return [_piece(window, path, keys)] if any(keys.values()) else []
    return [
        _piece(
            Window.of_days(day, day + timedelta(days=1)),
            folder / f"{keeping.name(*about, day)}.arrow",
            {name: days.get(day, []) for name, days in files.items()},
        )
        for day in sorted(set().union(*files.values()))
    ]


@lru_cache(maxsize=1)
def _definitions() -> str:
    """Differs with every change of what metrics mean: an answer of an older release is not one."""
    home = Path(metrics.__file__).parent
    return _digest(*(path.read_text(encoding="utf-8") for path in sorted(home.rglob("*.py"))))


def _piece(window: Window, path: Path, files: Mapping[str, Sequence[str]]) -> _Piece:
    return _Piece(
        window, path, _digest(*(key for name in sorted(files) for key in files[name])), files
    )


def _compute(question: Question, pieces: Sequence[_Piece]) -> Outcome | None:
    """Ask for what is missing and keep it; None where all of it has been kept meanwhile."""
    with queueing.alone(keeping.root(), str(pieces[0].path)):
        missing = [piece for piece in pieces if _version_kept(piece) != piece.version]
        outcome: Outcome | None = None
        for run in _runs(missing):
            window = Window(run[0].window.since, run[-1].window.until)
            now = clock.now()
            asked = Question(question.metric, question.scope, window, question.params)
            with queueing.slot(keeping.root()):
                outcome = engine.answer(
                    asked, files=_addresses(run), limits=LIMITS, prepare=lake().register
                )
            if not isinstance(outcome, Answer):
                return outcome
            for piece, rows in _split(run, outcome):
                part = Answer(outcome.metric, outcome.columns, rows, outcome.took_ms // len(run))
                keeping.write(piece.path, Part(piece.version, now, part))
        return outcome


def _addresses(run: Sequence[_Piece]) -> dict[str, list[str]]:
    names = run[0].files
    return {
        name: [lake().address(key) for piece in run for key in piece.files[name]] for name in names
    }


def _version_kept(piece: _Piece) -> str | None:
    part = keeping.read(piece.path)
    return part.version if part else None


def _runs(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Days that follow one another are one question."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and run[-1].window.until != piece.window.since:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _split(run: Sequence[_Piece], answer: Answer) -> Iterator[tuple[_Piece, tuple[Row, ...]]]:
    """The rows of each day, told by the answer's first day or instant."""
    if len(run) == 1:
        yield run[0], answer.rows
        return
    kinds = [column.kind for column in answer.columns]
    where = next(place for place, kind in enumerate(kinds) if kind in {"day", "instant"})
    rows: dict[date, list[Row]] = {}
    for row in answer.rows:
        rows.setdefault(_day_of(row[where]), []).append(row)
    for piece in run:
        yield piece, tuple(rows.get(piece.window.first_day, ()))


def _day_of(value: Value) -> date:
    if isinstance(value, datetime):
        return value.date()
    assert isinstance(value, date), value
    return value
