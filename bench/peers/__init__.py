"""The shops Kotinos is measured beside: complete anonymous orders of one hot product a second.

They are installed from their registries into `.bench/`, outside the project's own environment,
and each runs alone with its own settings for production as far as its documentation gives them
(see `bench.peers.pretix` and `bench.peers.vendure`): the embedded PostgreSQL that waits for the
disk, as Kotinos itself has; two server processes; 16 buyers who buy without a pause. What a peer
could leave out without losing an order is left out, so its figure errs to its favour.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from bench.peers import pretix, vendure
from bench.peers.load import PeerError
from kotinos.kernel.postgres import PostgresError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.peers.load import Measured

_PEERS = {"pretix": pretix.measure, "vendure": vendure.measure}
_REASONS = (PeerError, PostgresError, psycopg.Error, OSError, subprocess.SubprocessError)


def run(folder: Path, seconds: float) -> dict[str, float]:
    """Complete orders a second of each peer, as `measure` finds them."""
    measured = measure(folder, seconds)
    return {name: round(figures.orders_per_s, 2) for name, figures in measured.items()}


def measure(folder: Path, seconds: float) -> dict[str, Measured]:
    """Each peer measured over `seconds`, one after the other.

    `folder` keeps the installed programs and the filled databases for the next run: the first
    takes minutes, a later one half a minute and twice `seconds`. A peer that cannot be installed
    or started is missing from the answer, and stderr says why; no figure is ever made up.
    """
    found: dict[str, Measured] = {}
    for name, measure_peer in _PEERS.items():
        try:
            with _alone(folder):
                found[name] = measure_peer(folder.resolve(), seconds=seconds)
        except _REASONS as error:
            print(f"{name} was not measured: {error}", file=sys.stderr)
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PeerError(f"another measurement is under way in {folder}") from error
        yield
