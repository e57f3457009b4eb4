"""Which messages have been counted: sorted 128-bit hashes of their ids, in runs.

A run belongs to an edition and a day of coming; it is added in the commit that adds its rows. Ids
are remembered for `DAYS` days: whoever sends a message again later than that counts twice.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from kotinos.insight.lake import manifest
from kotinos.insight.lake.manifest import NewFile
from kotinos.insight.lake.store import Folder, lake
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

TABLE = "ids"
DAYS = 30
_BYTES = 16


def hashes(edition: str, ids: Sequence[str]) -> Hashes:
    """BLAKE2b of edition and id, 128 bits each: rows of two numbers."""
    start = blake2b(edition.encode() + b"\0", digest_size=_BYTES)
    digests = []
    for each in ids:
        one = start.copy()
        one.update(each.encode("utf-8", "surrogatepass"))
        digests.append(one.digest())
    return np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 2)


def first_of_each(found: Hashes) -> NDArray[np.bool_]:
    """Which rows are the first with their hash."""
    order = np.lexsort((found[:, 1], found[:, 0]))
    ordered = found[order]
    again = np.zeros(len(found), bool)
    again[1:] = (ordered[1:] == ordered[:-1]).all(axis=1)
    first = np.empty(len(found), bool)
    first[order] = ~again  # lexsort is stable: of equal ones the first comes first
    return first


class Index:
    """The runs of one edition. Only the follower has one, and only it adds to them."""

    def __init__(self, edition: str, *, today: date) -> None:
        since = today - timedelta(days=DAYS)
        files = manifest.current(table=TABLE, edition=edition, since=since)
        self._runs = [_open(file.key, file.rows) for file in files]

    def known(self, found: Hashes) -> NDArray[np.bool_]:
        """Which of these have been counted before."""
        order = np.argsort(found[:, 0], kind="stable")
        wanted = found[order]
        known = np.zeros(len(found), bool)
        for run in self._runs:
            known |= in_run(run, wanted)
        result = np.empty(len(found), bool)
        result[order] = known
        return result


def write(edition: str, day: date, found: Hashes, *, generation: int = 0) -> NewFile:
    """Write a run; it counts once it is committed."""
    order = np.lexsort((found[:, 1], found[:, 0]))
    data = np.ascontiguousarray(found[order].T).tobytes()
    key = f"{TABLE}/edition={edition}/day={day}/{new_id()}.ids"
    lake().write(key, pa.py_buffer(data))
    return NewFile(TABLE, edition, day, key, len(found), len(data), generation)


def read(key: str) -> Hashes:
    """The hashes of a run."""
    return np.frombuffer(lake().read(key), np.uint64).reshape(2, -1).T


@lru_cache(maxsize=2048)
def _open(key: str, rows: int) -> Hashes:
    """A run as two rows, high and low halves; on disk it stays there until it is looked into."""
    store = lake()
    if isinstance(store, Folder):
        path: Path = store.root / key
        return np.memmap(path, np.uint64, "r", shape=(2, rows))
    return np.frombuffer(store.read(key), np.uint64).reshape(2, rows)


def in_run(run: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    """Whether each is in the run; of two with one high half, hardly ever met, both are tried."""
    high, low = run
    at = np.searchsorted(high, wanted[:, 0])
    found = np.zeros(len(wanted), bool)
    alive = np.arange(len(wanted))
    while len(alive):
        inside = at[alive] < len(high)
        alive = alive[inside]
        alive = alive[high[at[alive]] == wanted[alive, 0]]
        hit = low[at[alive]] == wanted[alive, 1]
        found[alive[hit]] = True
        alive = alive[~hit]
        at[alive] += 1
    return found
