"""Measures the waiting room: its document, joining, its memory, and checking a draw.

The figures promised (issue 3): the status document at >= 85 % of the rate of a null handler that
sends the same bytes, in the same run; memory flat (within 20 MB) after 10,000,000 simulated joins;
a draw of 5,000,000 identities recomputed and verified in <= 20 s. The long form does exactly
that; the short one does fewer and says how many.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import urlopen

from bench.serving import ROOT, server
from bench.shop import temporary_shop

if TYPE_CHECKING:
    from kotinos.waitingroom.contracts import Room

ROUNDS = 3
WRK_SECONDS = 2
CONNECTIONS = 32
JOIN_SECONDS = 4
CHALLENGES = 40_000
GUEST_BITS = 4  # what the check costs does not depend on it
JOINS, JOINS_FULL = 200_000, 10_000_000
IDENTITIES, IDENTITIES_FULL = 1_000_000, 5_000_000
PORT, NULL_PORT = 8973, 8974

Figures = dict[str, float | int | None]


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Every figure; rates are None where wrk is missing."""
    figures = _draw(IDENTITIES_FULL if full else IDENTITIES)
    with temporary_shop() as folder:
        room = _room()
        if Path("/usr/bin/wrk").exists():
            figures |= _rates(folder, room)
        else:
            figures |= {"status_rps": None, "null_rps": None, "join_rps": None}
        figures |= _memory(JOINS_FULL if full else JOINS)
    return figures


def _room() -> Room:
    from kotinos.kernel import clock  # noqa: PLC0415 - after django.setup
    from kotinos.waitingroom import api  # noqa: PLC0415 - the same

    now = clock.now()
    return api.create_room(
        code="bench",
        opens_at=now - timedelta(seconds=1),
        closes_at=now + timedelta(days=1),
        guest_bits=GUEST_BITS,
        now=now,
    )


def _rates(folder: Path, room: Room) -> Figures:
    """Joining, then the document beside a null handler in turn; each server has one worker."""
    (folder / "null_app.py").write_text(_NULL, encoding="utf-8")
    (folder / "join.lua").write_text(_JOIN, encoding="utf-8")
    _write_proofs(folder / "proofs", room)
    path = f"/fast/rooms/{room.id}/status"
    status, null = [], []
    with server("config.asgi:application", PORT, path=path):
        join = f"http://127.0.0.1:{PORT}/fast/rooms/{room.id}/join"
        joins = _wrk(join, JOIN_SECONDS, "-s", str(folder / "join.lua"), "--", str(folder))
        body = urlopen(f"http://127.0.0.1:{PORT}{path}").read()
        (folder / "null_body").write_bytes(body)
        with server("null_app:application", NULL_PORT, path="/", folder=folder):
            for _ in range(ROUNDS):
                status.append(_wrk(f"http://127.0.0.1:{PORT}{path}", WRK_SECONDS))
                null.append(_wrk(f"http://127.0.0.1:{NULL_PORT}/", WRK_SECONDS))
    shares = [100 * one / other for one, other in zip(status, null, strict=True)]
    return {
        "status_rps": round(median(status)),
        "null_rps": round(median(null)),
        "status_percent_of_null": round(median(shares), 1),
        "status_bytes": len(body),
        "join_rps": joins,
    }


def _write_proofs(path: Path, room: Room) -> None:
    """Solved challenges, as many as are used in some seconds; then they are used again."""
    from kotinos.kernel import clock  # noqa: PLC0415 - after django.setup
    from kotinos.waitingroom import tickets  # noqa: PLC0415 - the same

    now = clock.now()
    with path.open("w", encoding="ascii") as file:
        for _ in range(CHALLENGES):
            text = tickets.sign_challenge(room, now=now).text
            nonce = 0
            while not tickets.is_solved(text, str(nonce), bits=GUEST_BITS):
                nonce += 1
            file.write(json.dumps({"challenge": text, "nonce": str(nonce)}) + "\n")


def _wrk(address: str, seconds: int, *more: str) -> int:
    run = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *_before(more), address]
    said = subprocess.run([*run, *_after(more)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return round(float(found[1]))


def _before(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[: words.index("--")] if "--" in words else words


def _after(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[words.index("--") :] if "--" in words else ()


_NULL = """
from pathlib import Path
import falcon.asgi
BODY = (Path(__file__).parent / "null_body").read_bytes()
class Null:
    async def on_get(self, request, response):
        response.content_type = "application/json"
        response.data = BODY
application = falcon.asgi.App()
application.add_route("/", Null())
"""

_JOIN = """
local proofs, at = {}, 0
function init(args)
  for line in io.lines(args[1] .. "/proofs") do proofs[#proofs + 1] = line end
end
function request()
  at = at % #proofs + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, proofs[at])
end
"""


def _memory(joins: int) -> Figures:
    """How much a process of its own grew by so many joins of different people."""
    run = [sys.executable, "-m", "bench.waitingroom_joins", str(joins)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    said = subprocess.run(run, env=environ, cwd=ROOT, capture_output=True, text=True, check=True)
    figures: Figures = json.loads(said.stdout.splitlines()[-1])
    return figures


def _draw(identities: int) -> Figures:
    """Seconds to recompute and verify a draw from its file."""
    import numpy as np  # noqa: PLC0415 - only the bench sorts millions

    from kotinos.waitingroom import draw  # noqa: PLC0415 - beside it

    seed = bytes(range(32))
    rank = draw.ranker(seed)
    people = np.array([b"%032x" % (number * 0x9E3779B97F4A7C15) for number in range(identities)])
    ranks = np.frombuffer(b"".join(map(rank, people.tolist())), dtype=">u8")
    with tempfile.TemporaryDirectory(prefix="kotinos-draw-") as folder:
        path = Path(folder) / "draw"
        path.write_bytes(b"\n".join(people[np.argsort(ranks)].tolist()) + b"\n")
        start = time.perf_counter()
        found = draw.verify(path, seed=seed)
        seconds = time.perf_counter() - start
    if found != draw.InOrder(identities):
        raise RuntimeError(found)
    return {"draw_s": round(seconds, 2), "draw_identities": identities}
