"""Does a running Kotinos do its job? Asked over HTTP, from outside, as a visitor would."""

from __future__ import annotations

import http.client
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click

from kotinos.kernel.environment import ROOT
from kotinos.ops.check_channel import ask_channel

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMEOUT_SECONDS = 15
# What every installation with the demo edition answers, and a word its answer must hold.
ADDRESSES = (
    ("/fast/health", '"ok"'),
    ("/en-jp/", "Kotinos"),
    ("/fr-fr/", "Kotinos"),
    ("/zh-hans-cn/", "Kotinos"),
    ("/ar-eg/", 'dir="rtl"'),
    ("/en-jp/shop/", 'class="card'),
    ("/en-jp/teams/", "JPN"),
    ("/en-jp/search/?q=scarf", 'class="card'),
    ("/en-jp/basket/", "Kotinos"),
    ("/en-jp/drops/night-posters/", "night-posters/line/"),
    ("/en-jp/drops/night-posters/line/", "<kotinos-line"),
    ("/api/v1/docs", "swagger"),
    ("/api/v1/openapi.json", "openapi"),
    ("/sitemap.xml", "sitemap"),
    ("/office/login/", "password"),
)


def answers(address: str) -> bool:
    """Whether this address answers with 200 at all."""
    return _get(address)[0] == http.client.OK


def verify(root: str, addresses: Iterable[tuple[str, str]] = ADDRESSES) -> int:
    """Ask every address and print what it said; the number that failed."""
    failed = 0
    for path, word in addresses:
        status, body = _get(root + path)
        sound = status == http.client.OK and word in body
        failed += not sound
        note = (
            ""
            if sound
            else f" (status {status}, {word!r} {'found' if word in body else 'missing'})"
        )
        click.echo(f"  {'ok  ' if sound else 'FAIL'} {root}{path}{note}")
    return failed


def verify_channel(root: str) -> int:
    """Ask for what the channel plays, and wait for its first film; the number that failed."""
    failed = 0
    for seen in ask_channel(lambda path: fetch(root + path)):
        failed += bool(seen.fault)
        address = seen.address.partition("?t=")[0]
        note = f" ({seen.fault})" if seen.fault else ""
        click.echo(f"  {'FAIL' if seen.fault else 'ok  '} {root}{address}{note}")
    return failed


def verify_insight(root: str) -> int:
    """Send an event, and look for it in the ledger and the lake; 1 where it does not come."""
    words = [sys.executable, "-m", "kotinos.ops", "insight", "check", root]
    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    said = (done.stdout if not done.returncode else done.stderr).strip()
    click.echo(f"  {'FAIL' if done.returncode else 'ok  '} {root}/v1/track: {said}")
    return int(done.returncode != 0)


def _get(address: str) -> tuple[int, str]:
    """Status and text; status 0 where nobody answers."""
    status, body = fetch(address)
    return status, body.decode(errors="replace")


def fetch(address: str) -> tuple[int, bytes]:
    """Status and body; status 0 where nobody answers."""
    try:
        request = Request(address, headers={"User-Agent": "kotinos-check"})  # noqa: S310 - http
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the same
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
    except (URLError, http.client.HTTPException, OSError):
        return 0, b""
