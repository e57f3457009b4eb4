"""What was asked to be forgotten leaves the lake: the part that needs no more than pseudonyms.

Files are rewritten one by one. Whatever is killed, the follower goes on here with what is not
done; an erasure is done once nothing from before it can come into the lake any more.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import F

from kotinos.insight import keeping
from kotinos.insight.collect.pseudonyms import Pseudonyms
from kotinos.insight.console import shelf
from kotinos.insight.lake import manifest, segments
from kotinos.insight.lake.rewriting import Wish, rewrite
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Erasure, File, HashKey
from kotinos.insight.tables import DEAD, EVENTS
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kotinos.insight.lake.rewriting import Hits

UNCOUNTED_FOR = timedelta(minutes=10)
_TOKEN = re.compile(r"[^\s\"',:;{}\[\]\\/&=?]+")


def go_on(*, log: Path, now: datetime) -> int:
    """Go on with every erasure that is not done; how many rows went. The follower calls it."""
    undone = Erasure.objects.filter(done_at=None).order_by("asked_at")
    return sum(finish_one(asked, log=log, now=now) for asked in undone)


def pseudonyms_of(edition: str) -> Pseudonyms | None:
    """The hashing of an edition's people in this region; None where there is no key any more."""
    key = HashKey.objects.filter(edition_id=edition, region=environment().region).first()
    return Pseudonyms(bytes(key.secret)) if key is not None and key.secret is not None else None


def finish_one(asked: Erasure, *, log: Path, now: datetime) -> int:
    """Take the person's rows out of what is there; done once nothing from before is to come."""
    nothing_to_come = _log_is_clear(log, asked)
    wanted = pa.array(asked.pseudonyms, pa.int64())
    wish = Wish(
        table=EVENTS,
        edition=asked.edition,
        columns=("person", "visitor", "received_at"),
        hits=lambda found: _theirs(found, wanted, asked.asked_at),
    )
    rows = rewrite(wish, now=now)
    _count(asked, rows)
    pseudonyms = pseudonyms_of(asked.edition)
    if pseudonyms is not None:
        rows += drop_letters(asked, _hashing_to(set(asked.pseudonyms), pseudonyms), now)
    forget_derived(asked.edition, now)
    if nothing_to_come and _sweep_uncounted(asked, now):
        asked.done_at = max(now, asked.asked_at)
        asked.save(update_fields=["done_at"])
    return rows


def _theirs(found: pa.Table, wanted: pa.Array, asked_at: datetime) -> pa.Array:
    """Rows of these pseudonyms that came until then; who comes back with a new yes is new."""
    until = pa.scalar(asked_at.replace(tzinfo=None), pa.timestamp("us"))
    named = pc.or_(
        pc.is_in(found["person"], value_set=wanted), pc.is_in(found["visitor"], value_set=wanted)
    )
    return pc.and_(named, pc.less_equal(found["received_at"], until))


def _hashing_to(wanted: set[int], pseudonyms: Pseudonyms) -> Hits:
    """Letters with a word whose pseudonym is wanted: so the follower finds them without the id."""

    def hits(found: pa.Table) -> pa.Array:
        named = [
            any(pseudonyms.of(word) in wanted for word in set(_TOKEN.findall(payload)))
            for payload in found["payload"].to_pylist()
        ]
        return pa.array(named, pa.bool_())

    return hits


def drop_letters(asked: Erasure, hits: Hits, now: datetime) -> int:
    """Delete the dead letters that `hits` names; counted as the erasure's rows."""
    wish = Wish(table=DEAD, edition=asked.edition, columns=("payload",), hits=hits)
    rows = rewrite(wish, now=now)
    _count(asked, rows)
    return rows


def _count(asked: Erasure, rows: int) -> None:
    """Two processes may be at it at once."""
    Erasure.objects.filter(id=asked.id).update(rows=F("rows") + rows)
    asked.refresh_from_db(fields=["rows"])


def forget_derived(edition: str, now: datetime) -> None:
    """Answers that were kept, copies for the console, and the old files themselves."""
    keeping.forget(edition)
    shelf.forget()
    while manifest.sweep(now=now, at_once=True):
        pass


def _sweep_uncounted(asked: Erasure, now: datetime) -> bool:
    """Delete files that a kill left uncounted before it was asked; False: one is too young.

    A young one may be about to be counted by whoever writes it.
    """
    keys = list(lake().every_key())
    known = set(File.objects.filter(key__in=keys).values_list("key", flat=True))
    asked_ms = _ms(asked.asked_at)
    before = [key for key in keys if key not in known and manifest.made_ms(key) <= asked_ms]
    old = [key for key in before if manifest.made_ms(key) < _ms(now - UNCOUNTED_FOR)]
    for key in old:
        lake().delete(key)
    return len(old) == len(before)


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _log_is_clear(log: Path, asked: Erasure) -> bool:
    """Whether every segment begun before the asking is in the lake."""
    asked_ns = _ms(asked.asked_at) * 1_000_000
    return all(_begun_ns(name) > asked_ns for name in segments.backlog(log))


def _begun_ns(name: str) -> int:
    number = name.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
