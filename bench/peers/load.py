"""Buyers at a shop's door: each buys again and again, and only complete orders count."""

from __future__ import annotations

import http.client
import json
import sys
import time
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

IN_FLIGHT: Final = 16
ANSWER_SECONDS_MAX: Final = 60
FIRST_ORDERS_SECONDS_MAX: Final = 120


class PeerError(Exception):
    """A peer cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a peer did while it was measured.

    `cpu_ms_per_order` is the processor time of its servers and its PostgreSQL for each order. It
    hardly moves when the machine has other work, which takes orders a second away from every peer.
    """

    orders_per_s: float
    cpu_ms_per_order: float


class Client:
    """One kept-alive connection to a shop on this machine. Not for several threads."""

    def __init__(self, *, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS_MAX)

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The answer's JSON object and headers (names in lower case).

        Raises PeerError for every status other than 200 and 201, OSError without an answer.
        """
        data = None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            self._connection.request(method, path, data, sent)
            answer = self._connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise PeerError(f"{method} {path}: {error!r}") from error
        if answer.status not in {200, 201}:
            raise PeerError(f"{method} {path}: {answer.status} {text[:300]}")
        received = {name.lower(): value for name, value in answer.getheaders()}
        return json.loads(text), received


class _Record:
    """What the buyers' threads write down together."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.finished_s: list[float] = []
        self.failures: list[str] = []
        self.tried: set[int] = set()

    def note(self, buyer: int, failure: str | None) -> None:
        with self.lock:
            self.tried.add(buyer)
            if failure is None:
                self.finished_s.append(time.monotonic())
            else:
                self.failures.append(failure)


def measure(
    name: str,
    buyers: Sequence[Callable[[], object]],
    *,
    seconds: float,
    cpu_s: Callable[[], float],
) -> Measured:
    """What a shop does in `seconds` while every buyer buys without a pause.

    The clock starts when each buyer has one order behind them, so that nothing is measured cold
    and the shop is as busy at the start as at the end. Orders that fail are not counted, but
    reported on stderr. `cpu_s` is the processor time the shop has used so far. Raises PeerError
    where no order was completed.
    """
    record, stop = _Record(), Event()
    threads = [
        Thread(target=_buy, args=(number, buyer, record, stop), daemon=True)
        for number, buyer in enumerate(buyers)
    ]
    for thread in threads:
        thread.start()
    try:
        _wait_for_first_orders(record, len(buyers))
        start_s, start_cpu_s = time.monotonic(), cpu_s()
        stop.wait(seconds)
        end_s, used_s = time.monotonic(), cpu_s() - start_cpu_s
    finally:
        stop.set()
    for thread in threads:
        thread.join(ANSWER_SECONDS_MAX)
    for failure in record.failures[:1]:
        print(f"{name}: {len(record.failures)} orders failed, as: {failure}", file=sys.stderr)
    rate = rate_per_s(record.finished_s, start_s=start_s, end_s=end_s)
    return Measured(rate, used_s * 1000 / (rate * (end_s - start_s)))


def rate_per_s(finished_s: Sequence[float], *, start_s: float, end_s: float) -> float:
    """Orders finished after `start_s` and until `end_s`, a second. PeerError where none is."""
    count = sum(start_s < moment_s <= end_s for moment_s in finished_s)
    if count == 0:
        raise PeerError("no order was completed")
    return count / (end_s - start_s)


def _buy(number: int, buyer: Callable[[], object], record: _Record, stop: Event) -> None:
    while not stop.is_set():
        try:
            buyer()
        except (PeerError, LookupError, TypeError, ValueError) as error:
            record.note(number, f"{error!r}")
            stop.wait(0.1)  # a shop that refuses at once is not asked thousands of times
        else:
            record.note(number, None)


def _wait_for_first_orders(record: _Record, buyers: int) -> None:
    deadline_s = time.monotonic() + FIRST_ORDERS_SECONDS_MAX
    while len(record.tried) < buyers:
        if time.monotonic() > deadline_s:
            raise PeerError(f"the first orders took more than {FIRST_ORDERS_SECONDS_MAX} s")
        time.sleep(0.02)
    if not record.finished_s:
        raise PeerError(f"the first orders failed: {record.failures[0]}")
