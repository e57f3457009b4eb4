"""Nginx in front of a site, with the configuration that the documents give."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

NGINX = Path("/usr/sbin/nginx")
START_SECONDS_MAX = 10.0
_AROUND = """worker_processes 1;
daemon off;
pid {home}/pid;
error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  {paths}
  {inside}
}}
"""
_PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def edge(origin: str) -> Iterator[str]:
    """The address of an nginx that asks `origin` (http://HOST:PORT), ended by its id."""
    with tempfile.TemporaryDirectory(prefix="kotinos-edge-") as name, socket.socket() as probe:
        home = Path(name)
        home.chmod(0o755)  # its worker is somebody else where we are root
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with nginx(_configured(origin, home, port), home=home, port=port):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def nginx(inside: str, *, home: Path, port: int) -> Iterator[None]:
    """An nginx of one worker with this in its `http`, listening; what it writes goes to `home`."""
    paths = "\n  ".join(f"{each}_temp_path {home}/{each};" for each in _PATHS)
    configuration = home / "nginx.conf"
    around = _AROUND.format(home=home, paths=paths, inside=inside)
    configuration.write_text(around, encoding="utf-8")
    process = subprocess.Popen([NGINX, "-p", home, "-c", configuration])
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS_MAX)


def _configured(origin: str, home: Path, port: int) -> str:
    """The documents' file with a port, a folder and an address of ours."""
    text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/kotinos", f"{home}/cache"),
        ("127.0.0.1:8000", origin.removeprefix("http://")),
    ):
        assert text.count(theirs) == 1, theirs
        text = text.replace(theirs, ours)
    return text


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as wire:
            if wire.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")
