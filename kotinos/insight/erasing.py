"""Forgetting a person: their rows leave every file, and what was derived from them goes too.

An erasure is asked for in one transaction; from then on nothing that was received before can come
into the lake under these pseudonyms. The id itself is never written down, so the mentions of it in
free text are looked for while this runs and only then: ask again where it was ended.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection

from kotinos.insight import forgetting
from kotinos.insight.lake import following, manifest, segments
from kotinos.insight.lake.rewriting import Wish, rewrite
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Erasure, HashKey
from kotinos.insight.tables import EVENTS
from kotinos.kernel import clock, rich
from kotinos.kernel.statements import try_lead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from kotinos.insight.lake.rewriting import Hits

LOG_PATIENCE_S = 30.0
MENTION_CHARACTERS_MIN = 5
"""A shorter id is an ordinary word or number of somebody else's text."""
_FREE_TEXT = ("properties", "path")


@dataclass(frozen=True, slots=True)
class Erased:
    """`rows` left the lake, `mentions` of the id were blanked in rows of others.

    Not `is_done`: something was still being written; the follower finishes it by itself.
    """

    rows: int
    mentions: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class NoKey:
    """The edition has no key in this region, or it was dropped: nobody can tell whose rows."""


def erase(
    *,
    edition: str,
    ids: Sequence[str],
    now: datetime,
    log: Path | None = None,
    patience_s: float = LOG_PATIENCE_S,
) -> Erased | NoKey:
    """Forget whoever has these ids, and the devices that only they have used."""
    place = log or segments.folder()
    pseudonyms = forgetting.pseudonyms_of(edition)
    if pseudonyms is None:
        return NoKey()
    _drain(place, patience_s)
    wanted = {pseudonyms.of(each) for each in ids}
    wanted |= _only_devices(edition, wanted)
    asked = Erasure.objects.create(edition=edition, pseudonyms=sorted(wanted), asked_at=now)
    _drain(place, patience_s)
    forgetting.finish_one(asked, log=place, now=now)
    letters = forgetting.drop_letters(asked, _naming(ids), now)
    mentions = _blank_mentions(edition, ids, now)
    if letters or mentions:
        forgetting.forget_derived(edition, now)
    return Erased(asked.rows, mentions, asked.done_at is not None)


def drop_key(*, edition: str, region: str, now: datetime) -> bool:
    """Destroy what ids were hashed with: nobody can tell again whose rows are whose, nor erase one.

    Collecting for this edition and region ends with it. False: there was no key.
    """
    keys = HashKey.objects.filter(edition_id=edition, region=region, dropped_at=None)
    return bool(keys.update(secret=None, dropped_at=now))


def _only_devices(edition: str, people: set[int]) -> set[int]:
    """Devices that appear with these people and with nobody else."""
    wanted = pa.array(sorted(people), pa.int64())
    theirs: set[int] = set()
    others: set[int] = set()
    for found in _pairs(edition):
        with_them = pc.is_in(found["person"], value_set=wanted)
        theirs |= _numbers(found.filter(with_them)["visitor"])
        apart = pc.and_kleene(pc.invert(with_them), pc.not_equal(found["person"], found["visitor"]))
        others |= _numbers(found.filter(apart)["visitor"])
    return theirs - others - people


def _pairs(edition: str) -> list[pa.Table]:
    """Person and device of every row, each pair once a file."""
    found = []
    for file in manifest.current(table=EVENTS.name, edition=edition):
        try:
            data = lake().read(file.key)
        except FileNotFoundError:
            continue  # merged meanwhile: its rows stand in a file that is younger
        pairs = pq.read_table(pa.BufferReader(data), columns=["person", "visitor"])
        found.append(pairs.group_by(["person", "visitor"]).aggregate([]))
    return found


def _numbers(column: pa.ChunkedArray) -> set[int]:
    return {number for number in column.unique().to_pylist() if number is not None}


def _blank_mentions(edition: str, ids: Sequence[str], now: datetime) -> int:
    """Blank the free text of others' rows where it names one of the ids as a word of its own."""
    pattern = _pattern(ids)
    if pattern is None:
        return 0

    def hits(found: pa.Table) -> pa.Array:
        named = [pc.match_substring_regex(found[name], pattern) for name in _FREE_TEXT]
        return pc.or_(*named)

    def blank(rows: pa.Table) -> pa.Table:
        for name in _FREE_TEXT:
            named = pc.match_substring_regex(rows[name], pattern)
            at = rows.column_names.index(name)
            rows = rows.set_column(at, rows.schema.field(name), pc.if_else(named, "", rows[name]))
        return rows

    wish = Wish(table=EVENTS, edition=edition, columns=_FREE_TEXT, hits=hits, change=blank)
    return rewrite(wish, now=now)


def _pattern(ids: Sequence[str]) -> str | None:
    """RE2 for any of the ids between characters that are none of an id's."""
    spoken = [each for each in ids if len(each) >= MENTION_CHARACTERS_MIN]
    written = {form for each in spoken for form in (each, json.dumps(each)[1:-1])}
    if not written:
        return None
    any_of = "|".join(re.escape(each) for each in sorted(written))
    return rf"(^|[^\w-])({any_of})($|[^\w-])"


def _naming(ids: Sequence[str]) -> Hits:
    """Letters that name an id anywhere, or whose cut end may be the beginning of one."""
    written = {form for each in ids for form in (each, json.dumps(each)[1:-1])}

    def hits(found: pa.Table) -> pa.Array:
        named = [
            any(text in payload or _is_cut(payload, text) for text in written)
            for payload in found["payload"].to_pylist()
        ]
        return pa.array(named, pa.bool_())

    return hits


def _is_cut(payload: str, text: str) -> bool:
    """Whether the payload ends in the middle of the text."""
    shortest = min(len(text), MENTION_CHARACTERS_MIN)
    return any(payload.endswith(text[:length]) for length in range(shortest, len(text)))


def _drain(log: Path, patience_s: float) -> None:
    """Wait until what is in the log now is in the lake; without a follower, bring it there."""
    if not log.is_dir():
        return
    waiting = set(segments.backlog(log))
    until = time.monotonic() + patience_s
    while waiting & set(segments.backlog(log)) and time.monotonic() < until:
        if rich.run_one(try_lead, name=following.LEADER):
            following.round_of(log=log)
            connection.close()  # gives the lead back
        time.sleep(0.1)


def finish(*, log: Path | None = None, patience_s: float = LOG_PATIENCE_S) -> bool:
    """Go on until everything asked for is done, or patience ends. Whether it is."""
    place = log or segments.folder()
    until = time.monotonic() + patience_s
    while Erasure.objects.filter(done_at=None).exists():
        if time.monotonic() > until:
            return False
        forgetting.go_on(log=place, now=clock.now())
        time.sleep(0.2)
    return True
