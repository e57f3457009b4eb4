"""The real server on loopback, on the test's database, and browsers to visit it with."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 60
REQUEST_SECONDS_MAX = 60


def database_url() -> str:
    """The test's own database, as a URL another process can use."""
    said = connection.settings_dict
    user, password = quote(said["USER"]), quote(said["PASSWORD"])
    host = said["HOST"]
    if host.startswith("/"):
        return f"postgresql://{user}@/{said['NAME']}?host={host}"
    where = f"{host}:{said['PORT']}" if said["PORT"] else host
    return f"postgresql://{user}:{password}@{where}/{said['NAME']}"


def child_environment() -> dict[str, str]:
    return dict(os.environ) | {"DATABASE_URL": database_url(), "PYTHONWARNINGS": "ignore"}


@dataclass
class Site:
    """A running server. `kill` is SIGKILL to it and all its workers: nothing is tidied up."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start_site(*, workers: int) -> Site:
    """Granian with the product's own application, in a process group of its own."""
    port = _free_port()
    words = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    words += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    words += ["--loop", "uvloop", "--http", "1", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen(
        [*words, "config.asgi:application"],
        cwd=ROOT,
        env=child_environment(),
        start_new_session=True,
    )
    site = Site(port, process)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        with suppress(OSError):
            if Browser(port).get("/fast/health").status == 200:
                return site
        time.sleep(0.1)
    site.kill()
    raise AssertionError("the server did not start")


@contextmanager
def running_site(*, workers: int) -> Iterator[Site]:
    site = start_site(workers=workers)
    try:
        yield site
    finally:
        site.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Page:
    status: int
    location: str
    text: str


@dataclass
class Browser:
    """Keeps its cookies, follows nothing by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        return self._send("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Page:
        return self._send("POST", path, urlencode(form))

    def _send(self, method: str, path: str, body: str | None) -> Page:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS_MAX)
        try:
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            text = answer.read().decode()
        finally:
            wire.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Page(answer.status, answer.headers.get("Location", ""), text)


@dataclass
class Fan:
    """One buyer's way through the ordinary pages."""

    browser: Browser
    variant: str
    seller: str
    form: dict[str, str]
    quote: str = ""

    def fill(self) -> None:
        """Put one unit into the basket and open the checkout."""
        thing = {"variant": self.variant, "seller": self.seller, "units": "1"}
        added = self.browser.post("/en-jp/basket/add", thing)
        assert added.location.endswith("notice=added"), added
        page = self.browser.get("/en-jp/checkout/")
        found = re.search(r'name="quote" value="([^"]+)"', page.text)
        assert found is not None, page
        self.quote = unescape(found[1])

    def submit(self) -> Page:
        return self.browser.post("/en-jp/checkout/", self.form | {"quote": self.quote})

    def approve(self, address: str) -> Page:
        return self.browser.post(address, {"choice": "approve"})
