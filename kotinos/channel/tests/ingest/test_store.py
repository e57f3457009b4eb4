"""One store, two places: a folder, and an S3-compatible server."""

from __future__ import annotations

import asyncio
import http.client
from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from kotinos.channel.store import WHOLE, DiskStore, Store, open_store
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3-compatible server with a bucket `videos`."""
    server = ThreadedMotoServer(port=0)
    server.start()
    _host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_REGION", "us-east-1")
        wire = http.client.HTTPConnection("127.0.0.1", port)
        wire.request("PUT", "/videos")  # makes the bucket
        assert wire.getresponse().read() is not None
        wire.close()
        yield f"http://127.0.0.1:{port}"
    server.stop()


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
