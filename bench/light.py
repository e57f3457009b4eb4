"""A light HTTP client: prepared bytes over kept-alive connections, timed one conversation each.

It does no more than a generator in C would: one write and one read a request, no parsing beyond
the status and the length. On the cores that the server shares with it, that is what counts.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

READ_BYTES = 65_536


@dataclass(slots=True)
class Outcome:
    """Conversations that went through to their end, their seconds, and every status met."""

    done: int = 0
    seconds: float = 0.0
    each_s: list[float] = field(default_factory=list)
    statuses: Counter[tuple[int, int]] = field(default_factory=Counter)
    broken: int = 0

    def quantile_ms(self, share: float) -> float:
        """The latency, in milliseconds, that this share of conversations kept within."""
        ordered = sorted(self.each_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


@dataclass(slots=True)
class _Talk:
    wire: socket.socket
    parts: Sequence[bytes] = ()
    at: int = 0
    began: float = 0.0
    inbox: bytearray = field(default_factory=bytearray)


def converse(
    port: int,
    talks: Iterator[Sequence[bytes]],
    *,
    in_flight: int,
    seconds_max: float,
    is_good: Callable[[int], bool] = lambda status: status < 300,
) -> Outcome:
    """Hold conversations until none is left or the time is up; `in_flight` at any moment.

    A conversation is a list of requests: the next is sent when the answer to the one before has
    come and is good; it ends early where it is not.
    """
    outcome, selector = Outcome(), selectors.DefaultSelector()
    started = time.perf_counter()
    for _ in range(in_flight):
        talk = _Talk(socket.create_connection(("127.0.0.1", port)))
        talk.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _begin(talk, talks):
            selector.register(talk.wire, selectors.EVENT_READ, talk)
    deadline = started + seconds_max
    while selector.get_map():
        for key, _ in selector.select(1.0):
            if not _hear(key.data, talks, outcome, is_good, deadline):
                selector.unregister(key.fileobj)
                key.data.wire.close()
        if time.perf_counter() > deadline + 10:
            break
    for key in list(selector.get_map().values()):
        outcome.broken += 1
        key.data.wire.close()
    outcome.seconds = time.perf_counter() - started
    return outcome


def _begin(talk: _Talk, talks: Iterator[Sequence[bytes]]) -> bool:
    parts = next(talks, None)
    if parts is None:
        return False
    talk.parts, talk.at, talk.began = parts, 0, time.perf_counter()
    talk.wire.sendall(parts[0])
    return True


def _hear(
    talk: _Talk,
    talks: Iterator[Sequence[bytes]],
    outcome: Outcome,
    is_good: Callable[[int], bool],
    deadline: float,
) -> bool:
    """Take in what came, say what is next; False where this connection is done."""
    try:
        received = talk.wire.recv(READ_BYTES)
    except OSError:
        received = b""
    if not received:
        outcome.broken += 1
        return False
    talk.inbox += received
    status = is_whole(talk.inbox)
    if status is None:
        return True
    talk.inbox.clear()
    outcome.statuses[talk.at, status] += 1
    talk.at += 1
    if is_good(status) and talk.at < len(talk.parts):
        talk.wire.sendall(talk.parts[talk.at])
        return True
    if is_good(status):
        outcome.done += 1
        outcome.each_s.append(time.perf_counter() - talk.began)
    return time.perf_counter() < deadline and _begin(talk, talks)


def is_whole(inbox: bytearray) -> int | None:
    """The status of an answer that has come completely; None before."""
    end = inbox.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(inbox[:end]).lower()
    at = head.find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return int(head[9:12]) if len(inbox) >= end + 4 + length else None
