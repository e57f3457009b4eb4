from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

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
