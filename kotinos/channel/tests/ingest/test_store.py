"""One store, two places: a folder, and an S3-compatible server."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from kotinos.channel.ingest import leases, worker
from kotinos.channel.models import Package
from kotinos.channel.store import WHOLE, DiskStore, Store, open_store
from kotinos.channel.tests.ingest.desk import asked
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "disk":
        return open_store(str(tmp_path / "store"))
    return open_store("s3://videos/kotinos", endpoint=request.getfixturevalue("s3"))


def package(folder: Path) -> Path:
    (folder / "v720").mkdir(parents=True)
    (folder / "v720" / "00000.m4s").write_bytes(b"picture")
    (folder / WHOLE).write_bytes(b"{}")
    return folder


def read(store: Store, key: str) -> bytes | None:
    return asyncio.run(store.read(key))


def test_a_package_is_there_whole_and_goes_whole(store: Store, tmp_path: Path) -> None:
    one = new_id()
    assert store.whole(one) is None
    store.publish(one, package(tmp_path / "half"))
    assert not (tmp_path / "half").exists()
    key = f"packages/{one}/v720/00000.m4s"
    assert store.whole(one) == b"{}"
    assert read(store, key) == store.read_now(key) == b"picture"
    path = store.local_path(key)
    assert (path is not None) is isinstance(store, DiskStore)
    assert path is None or path.read_bytes() == b"picture"
    store.publish(one, package(tmp_path / "again"))
    assert store.read_now(key) == b"picture"
    store.remove(one)
    store.remove(one)
    assert (store.whole(one), read(store, key)) == (None, None)


def test_live_files_come_and_go(store: Store) -> None:
    session = new_id()
    for name in ("v240/init.mp4", "v240/00000.m4s", "v240/00001.m4s"):
        store.put_live(session, name, name.encode())
    key = f"live/{session}/v240/00000.m4s"
    assert read(store, key) == b"v240/00000.m4s"
    store.remove_live(session, ["v240/00000.m4s"])
    assert read(store, key) is None
    assert store.read_now(f"live/{session}/v240/00001.m4s")
    store.remove_live(session)
    assert store.read_now(f"live/{session}/v240/init.mp4") is None


def test_a_picture_can_be_replaced(store: Store) -> None:
    key = f"packages/{new_id()}/poster.jpg"
    for data in (b"one", b"two"):
        store.put_picture(key, data)
        assert store.read_now(key) == data


@pytest.mark.django_db(transaction=True)
def test_a_job_packages_into_a_bucket(
    s3: str, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = open_store("s3://videos/house", endpoint=s3)
    monkeypatch.setattr(worker, "store", lambda: place)
    monkeypatch.setattr(worker, "work_folder", lambda: tmp_path / "packages.new")
    asked(clip)
    lease = leases.take(holder="one", now=clock.now())
    assert lease is not None
    assert worker.work(lease, stop=threading.Event()) is None
    package = Package.objects.get()
    assert place.whole(package.id)
    for key in ("v720/00001.m4s", "a/init.mp4", "poster.jpg", "storyboard.vtt"):
        assert read(place, f"packages/{package.id}/{key}"), key
    assert not list((tmp_path / "packages.new").iterdir())
