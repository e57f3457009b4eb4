"""A whole draw, recomputed: every rank of a file of identities, and whether they rise.

HMAC-SHA256 as in RFC 2104, with the two halves of the key hashed once for all identities, which
is half the work of a fresh HMAC for each. The file is streamed, and every core is used.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from kotinos.waitingroom.contracts import IDENTITY_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

LINE_BYTES = IDENTITY_LENGTH + 1
LINES_AT_ONCE = 50_000
RANK_BYTES = 8
BLOCK_BYTES = 64  # of SHA-256
_LINES = re.compile(rb"(?:[0-9a-f]{32}\n)*")


@dataclass(frozen=True, slots=True)
class InOrder:
    """Every line's rank is above the one before it: nobody was moved, nobody stands twice."""

    identities: int


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """The first line, from 1, whose rank is not above the one before it."""

    line: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line, at or after this one, is not 32 hexadecimal digits and a line feed."""

    line: int


@dataclass(frozen=True, slots=True)
class _Part:
    first: bytes
    last: bytes
    lines: int
    fault: OutOfOrder | Malformed | None  # counted from the part's own first line


def verify(
    path: Path, *, seed: bytes, cores: int | None = None
) -> InOrder | OutOfOrder | Malformed:
    """Recompute the rank of every identity of a file, one a line, in the draw's order.

    Raises OSError for a file that cannot be read.
    """
    done, last = 0, b""
    with ProcessPoolExecutor(cores or os.cpu_count(), get_context("fork")) as workers:
        for part in _in_turn(workers, partial(_check, seed=seed), _parts(path)):
            if isinstance(part.fault, Malformed):
                return Malformed(done + part.fault.line)
            if part.first <= last:
                return OutOfOrder(done + 1)
            if part.fault is not None:
                return OutOfOrder(done + part.fault.line)
            done, last = done + part.lines, part.last
    return InOrder(done)


def ranker(seed: bytes) -> Callable[[bytes], bytes]:
    """A function from an identity to its rank's 8 bytes; bytes compare as the numbers do."""
    key = (seed if len(seed) <= BLOCK_BYTES else hashlib.sha256(seed).digest()).ljust(
        BLOCK_BYTES, b"\0"
    )
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def rank(identity: bytes) -> bytes:
        inside, outside = inner.copy(), outer.copy()
        inside.update(identity)
        outside.update(inside.digest())
        return outside.digest()[:RANK_BYTES]

    return rank


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(LINE_BYTES * LINES_AT_ONCE):
            yield part


def _in_turn(
    workers: ProcessPoolExecutor, check: Callable[[bytes], _Part], parts: Iterator[bytes]
) -> Iterator[_Part]:
    """The answers in the file's order, with few parts in memory at a time."""
    ahead: deque[Future[_Part]] = deque()
    for part in parts:
        ahead.append(workers.submit(check, part))
        if len(ahead) > 2 * (os.cpu_count() or 1):
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


def _check(part: bytes, *, seed: bytes) -> _Part:
    """One part of the file, in a process of its own."""
    if not part.endswith(b"\n"):
        part += b"\n"
    if len(part) % LINE_BYTES or _LINES.fullmatch(part) is None:
        return _Part(b"", b"", 0, Malformed(_bad_line(part)))
    rank, last, first = ranker(seed), b"", b""
    lines = part.split(b"\n")[:-1]
    for number, identity in enumerate(lines, start=1):
        mine = rank(identity)
        if mine <= last:
            return _Part(first, last, number, OutOfOrder(number))
        first, last = first or mine, mine
    return _Part(first, last, len(lines), None)


def _bad_line(part: bytes) -> int:
    lines = part.split(b"\n")[:-1]
    return next(
        (n for n, line in enumerate(lines, start=1) if not _LINES.fullmatch(line + b"\n")),
        len(lines),
    )
