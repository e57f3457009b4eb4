from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from kotinos.channel.tests.clips import make_clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds at 29.97 pictures a second, with a tone."""
    return make_clip(tmp_path_factory.mktemp("clip"), rate="30000/1001")


@pytest.fixture
def quiet_port() -> Iterator[Callable[[], int]]:
    """A port of ours; the test fails where anybody has knocked at it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield lambda: int(server.getsockname()[1])
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


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
