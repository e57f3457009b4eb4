"""The real application with a small edition, started once for everything that asks over HTTP."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import requests

from kotinos.kernel import postgres
from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES = ROOT / ".build" / "test-pictures"
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
ANSWER_SECONDS_MAX = 20.0
MAIL_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Site:
    """A running Kotinos: where it answers, and the folders and variables it runs with."""

    base: str
    database_url: str
    data: Path
    environ: dict[str, str]

    @property
    def files(self) -> Path:
        """The CSV files of the small edition and of the committees that tests bring in."""
        return self.data / "files"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def say(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run `bin/kotinos WORDS` to its end against this site's database."""
        return subprocess.run(
            [sys.executable, "-m", "kotinos.ops", *(str(word) for word in words)],
            cwd=ROOT,
            env=self.environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read past the application: an observer's view."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def get(self, path: str, **more: Any) -> requests.Response:
        """One page, as a program that keeps nothing asks for it."""
        return requests.get(self.base + path, timeout=ANSWER_SECONDS_MAX, **more)

    def mail_about(self, text: str) -> str:
        """The first mail with this text in its headers or body, decoded; waits for the worker."""
        deadline = time.monotonic() + MAIL_SECONDS_MAX
        while time.monotonic() < deadline:
            for path in sorted((self.data / "mail").glob("*")):
                found = _decoded(path)
                if text in found:
                    return found
            time.sleep(0.2)
        raise AssertionError(f"no mail about {text}")


def _decoded(path: Path) -> str:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return "\n".join([f"{name}: {value}" for name, value in message.items()] + parts)


@contextmanager
def running() -> Iterator[Site]:
    """A site on a free loopback port with its own database and data folder, ended by its id."""
    data = Path(tempfile.mkdtemp(prefix="kotinos-site-"))
    try:
        with postgres.temporary() as cluster, socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            probe.close()
            site = _site(data, cluster.url(), port)
            _prepare(site)
            with _serving(site, port):
                yield site
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _site(data: Path, database_url: str, port: int) -> Site:
    base = f"http://127.0.0.1:{port}"
    own = {
        "DATABASE_URL": database_url,
        "KOTINOS_DATA": str(data),
        "KOTINOS_ORIGIN": base,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    return Site(base, database_url, data, os.environ | own)


def _prepare(site: Site) -> None:
    """Generated files as set-up makes them, tables, and the edition; pictures are drawn once."""
    subprocess.run([ROOT / "bin" / "setup", "test"], cwd=ROOT, check=True)
    _checked(site.say("manage", "migrate", "--verbosity", "0"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PICTURES, site.data / "media")
    loading = [sys.executable, "-m", "tests.site.edition", str(site.files)]
    _checked(
        subprocess.run(
            loading, cwd=ROOT, env=site.environ, check=False, capture_output=True, text=True
        )
    )
    # Their names are made of what they show, so a picture that is kept is the one wanted.
    shutil.copytree(site.data / "media", PICTURES, dirs_exist_ok=True)


def _checked(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, f"{done.args}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


@contextmanager
def _serving(site: Site, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "kotinos.ops", "up", "--no-demo", "--port", str(port)]
    with site.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=site.environ, stdout=log, stderr=log)
    try:
        _wait(site, process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(site.base + "/fast/health", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(site.log.read_text(encoding="utf-8")[-4000:])
