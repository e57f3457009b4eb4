"""The collector we are measured beside: FastAPI and pydantic, installed into `.bench/`.

Its application is ours (`fastapi_collector/app.py`), written as its documentation recommends; the
server, its options and the disk are the same as ours.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.peers import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES: Final = (
    *("fastapi==0.165.0", "pydantic==2.14.3", "orjson==3.13.0"),
    *("granian==2.8.7", "uvloop==0.23.0"),
)
_APP: Final = Path(__file__).parent / "fastapi_collector" / "app.py"


@contextmanager
def serving(folder: Path, *, data: Path, key: str, port: int) -> Iterator[int]:
    """The peer's process id, while it serves. Raises PeerError, OSError.

    `folder` keeps its environment for the next run; `data`: where its log goes.
    """
    programs = folder.resolve() / "fastapi-collector"
    programs.mkdir(parents=True, exist_ok=True)
    _install(programs)
    shutil.copy(_APP, programs / "app.py")
    command = [str(programs / "bin" / "granian"), "--interface", "asgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--loop", "uvloop", "--http", "1"]
    command += ["--backpressure", "16384", "--no-ws", "--log-level", "warning", "app:app"]
    with servers.serving(
        command,
        folder=programs,
        log=data / "peer.log",
        ready=partial(servers.answers, port),
        environ={"COLLECTOR_KEY": key, "COLLECTOR_FOLDER": str(data / "peer-log")},
    ) as number:
        yield number


def _install(programs: Path) -> None:
    mark, wanted = programs / "installed", " ".join(PACKAGES)
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    print("FastAPI and pydantic, from PyPI, the first time only", file=sys.stderr)
    servers.finish([sys.executable, "-m", "venv", str(programs)], folder=programs.parent)
    pip = [str(programs / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    servers.finish([*pip, "--disable-pip-version-check", *PACKAGES], folder=programs)
    mark.write_text(wanted, encoding="utf-8")
