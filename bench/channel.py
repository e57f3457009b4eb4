"""Measures the channel: playlists and segments over HTTP, transcoding, and the first picture.

The figures promised (issue 4): playlists from memory at >= 80 % and built for each request at
>= 40 % of a null handler that sends the same bytes; segments at >= 80 % of nginx's rate for the
same file; a packaging job within 10 % of bare ffmpeg with the same settings; the first frame
<= 1 s after play on loopback. Null handler, nginx and we run in turn, one process each; nginx as an
edge before us too, as the documents configure it.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import urlopen

from bench.serving import server
from bench.shop import temporary_shop
from bench.waitingroom import _wrk as wrk
from tests.site.edge import NGINX, edge, nginx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

ROUNDS, ROUNDS_FULL = 3, 7
WRK_SECONDS = 2
SLOT_TICKS = 75  # five minutes
PORT, BUILT_PORT, NULL_PORT, NGINX_PORT = 8961, 8962, 8963, 8964

Figures = dict[str, float | int | None]


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Every figure; None where a program that measures it is missing on this machine."""
    rounds = ROUNDS_FULL if full else ROUNDS
    with temporary_shop() as folder:
        from bench import channel_first_frame, channel_ingest  # noqa: PLC0415 - after the settings

        playlist, segment, package = _world(folder)
        figures = _rates(folder, playlist, segment, rounds=rounds)
        figures |= channel_ingest.measure(full=full)
        figures |= channel_first_frame.measure(package, PORT)
    return figures


def _world(folder: Path) -> tuple[str, str, str]:
    """An hour of schedule and one real package; addresses of a playlist and a segment."""
    from kotinos.channel import models  # noqa: PLC0415 - after django.setup
    from kotinos.channel.contracts import tick_at  # noqa: PLC0415 - the same
    from kotinos.channel.tests.clips import packaged  # noqa: PLC0415 - the same
    from kotinos.channel.tests.desk.world import build_world, filmed, shown  # noqa: PLC0415

    (folder / "tables").mkdir()
    world = build_world(folder / "tables")
    shown(world, "film")
    film = models.Programme.objects.get(code="film")
    facts = packaged(programme_id=film.id, now=world.now, seconds=16)
    models.LinearChannel.objects.update(slate_elsewhere_id=facts.id, slate_pause_id=facts.id)
    at = tick_at(world.now) - 1_000
    for number in range(30):
        _slot(world.channels["global"], filmed(world, f"film-{number}", ticks=SLOT_TICKS), at)
        at += SLOT_TICKS
    with server("config.asgi:application", PORT):
        play = _play("linear/global-one")
        video = _play("video/film")
    token = video.split("?")[1]
    return (
        play.replace("master", "v720"),
        f"/fast/channel/media/{facts.id}/v720/00000.m4s?{token}",
        "film",
    )


def _slot(channel_id: UUID, programme_id: UUID, from_tick: int) -> None:
    from kotinos.channel.actions.ruling import rule_slots  # noqa: PLC0415 - after django.setup
    from kotinos.channel.contracts import instant_of  # noqa: PLC0415 - the same
    from kotinos.channel.models import Package, Slot  # noqa: PLC0415 - the same

    package = Package.objects.get(programme_id=programme_id)
    rung = {"codecs": "avc1.64001f", "bandwidth": 1, "average": 1, "width": 1, "height": 1}
    package.facts |= {
        "pictures": [{"name": name, **rung} for name in ("v720", "v480", "v240")],
        "sounds": [{"name": "a", **rung}],
        "audio_us": [4_000_000] * package.ticks,
    }
    package.save()
    before = instant_of(from_tick) - timedelta(minutes=5)
    slot = Slot.objects.create(
        channel_id=channel_id,
        from_tick=from_tick,
        until_tick=from_tick + SLOT_TICKS,
        programme_id=programme_id,
        package=package,
        placed_at=before,
    )
    rule_slots([slot.id], now=before)


def _play(what: str) -> str:
    import msgspec  # noqa: PLC0415 - only here

    address = f"http://127.0.0.1:{PORT}/fast/channel/play/{what}?place=en-fr"
    said = msgspec.json.decode(urlopen(address).read())
    return str(said["src"])


def _rates(folder: Path, playlist: str, segment: str, *, rounds: int) -> Figures:
    if not Path("/usr/bin/wrk").exists():
        names = ("playlist_cached_rps", "playlist_built_rps", "null_rps", "segment_rps")
        return dict.fromkeys((*names, "nginx_segment_rps", "edge_segment_rps"))
    (folder / "null_app.py").write_text(_NULL, encoding="utf-8")
    (folder / "built_app.py").write_text(_BUILT, encoding="utf-8")
    with server("config.asgi:application", PORT):
        body = urlopen(f"http://127.0.0.1:{PORT}{playlist}").read()
        (folder / "null_body").write_bytes(body)
        cached, null = _in_turn(
            (PORT, playlist), ("null_app:application", NULL_PORT, "/"), folder, rounds
        )
        segments, sent, bare, edged = _segments(folder, segment, rounds)
    with server("built_app:application", BUILT_PORT, folder=folder):
        built, null_again = _in_turn(
            (BUILT_PORT, playlist), ("null_app:application", NULL_PORT, "/"), folder, rounds
        )
    return {
        "playlist_cached_rps": round(median(cached)),
        "playlist_built_rps": round(median(built)),
        "null_rps": round(median(null + null_again)),
        "cached_percent_of_null": _share(cached, null),
        "built_percent_of_null": _share(built, null_again),
        "playlist_bytes": len(body),
        "segment_rps": round(median(segments)),
        "nginx_segment_rps": round(median(bare)) if bare else None,
        "segment_percent_of_nginx": _share(segments, bare) if bare else None,
        "edge_segment_rps": round(median(edged)) if edged else None,
        "edge_percent_of_nginx": _share(edged, bare) if bare else None,
        "segment_bytes": sent,
    }


def _in_turn(
    ours: tuple[int, str], other: tuple[str, int, str], folder: Path, rounds: int
) -> tuple[list[int], list[int]]:
    """Ours and a bare handler, one after the other, so that both meet the same machine."""
    mine, theirs = [], []
    with server(other[0], other[1], path=other[2], folder=folder):
        for _ in range(rounds):
            mine.append(wrk(f"http://127.0.0.1:{ours[0]}{ours[1]}", WRK_SECONDS))
            theirs.append(wrk(f"http://127.0.0.1:{other[1]}{other[2]}", WRK_SECONDS))
    return mine, theirs


def _segments(
    folder: Path, segment: str, rounds: int
) -> tuple[list[int], int, list[int], list[int]]:
    """The same file from us, with its pass checked; from nginx, with none; and from nginx as an
    edge before us (`docs/nginx.conf`), which asks us about each pass.
    """
    size = len(urlopen(f"http://127.0.0.1:{PORT}{segment}").read())
    mine, theirs, edged = [], [], []
    file = segment.split("?", maxsplit=1)[0].replace("/fast/channel/media/", "/packages/")
    with _nginx(folder) as there, ExitStack() as stack:
        before = stack.enter_context(edge(f"http://127.0.0.1:{PORT}")) if there else ""
        for _ in range(rounds):
            mine.append(wrk(f"http://127.0.0.1:{PORT}{segment}", WRK_SECONDS))
            if there:
                theirs.append(wrk(f"http://127.0.0.1:{NGINX_PORT}{file}", WRK_SECONDS))
                edged.append(wrk(before + segment, WRK_SECONDS))
    return mine, size, theirs, edged


@contextmanager
def _nginx(folder: Path) -> Iterator[bool]:
    """Nginx with one worker over the store's folder; yields whether this machine has it."""
    if not NGINX.exists():
        yield False
        return
    home = folder / "nginx"
    home.mkdir()
    for each in [folder, *folder.rglob("*")]:
        each.chmod(0o755 if each.is_dir() else each.stat().st_mode | 0o044)
    inside = _FILES.format(port=NGINX_PORT, store=folder / "channel")
    with nginx(inside, home=home, port=NGINX_PORT):
        yield True


def _share(ours: list[int], others: list[int]) -> float:
    """The median of the shares of one round each, in percent."""
    return round(median(100 * a / b for a, b in zip(ours, others, strict=True)), 1)


_NULL = """
from pathlib import Path
BODY = (Path(__file__).parent / "null_body").read_bytes()
START = {"type": "http.response.start", "status": 200,
         "headers": [(b"content-type", b"application/vnd.apple.mpegurl")]}
async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive(); await send({"type": "lifespan.startup.complete"})
        await receive(); await send({"type": "lifespan.shutdown.complete"})
        return
    await send(START)
    await send({"type": "http.response.body", "body": BODY})
"""

_BUILT = """
from config.asgi import _screen, application as kept
async def application(scope, receive, send):
    _screen.schedule.forget()
    await kept(scope, receive, send)
"""

_FILES = """
  sendfile on;
  tcp_nopush on;
  open_file_cache max=1000;
  types {{ video/iso.segment m4s; }}
  server {{
    listen 127.0.0.1:{port};
    root {store};
  }}
"""
