"""`kotinos channel live ...`: sources, and a signal to try them with."""

from __future__ import annotations

import subprocess

import click

from kotinos.channel.ingest import ffmpeg
from kotinos.channel.live import bars, sources
from kotinos.channel.live.terms import Source
from kotinos.channel.models import LiveSource, Programme
from kotinos.channel.results import BadTerms, Saved
from kotinos.kernel import clock


@click.group("live")
def live() -> None:
    """Live sources: list, add, start, stop, and send a test picture."""


@live.command("list")
def list_sources() -> None:
    """Every source: whether it is on air, how it is doing, where to send to (with its key)."""
    now = clock.now()
    for row in sources.sources(now=now):
        health = row.health
        state = "on air" if row.on_air_since else "listening" if row.is_enabled else "off"
        how = f"x{health.get('speed', 0):.2f} {health.get('bitrate', 0) // 1000} kbit/s"
        click.echo(
            f"{row.code:<24} {state:<10} {how if row.on_air_since else '':<18} {row.address}"
        )


@live.command("add")
@click.argument("code")
@click.option("--programme", required=True, help="Code of the programme that it shows")
@click.option("--protocol", type=click.Choice(sources.PROTOCOLS), default="srt", show_default=True)
@click.option("--port", type=click.IntRange(1024, 65535), help="The next free one if not given")
@click.option("--dvr-minutes", type=click.IntRange(1, 720), default=120, show_default=True)
@click.option("--record/--no-record", "records", default=True, show_default=True)
def add(
    *, code: str, programme: str, protocol: str, port: int | None, dvr_minutes: int, records: bool
) -> None:
    """Give a programme a live source, and start listening for it."""
    now = clock.now()
    found = Programme.objects.filter(code=programme).first()
    if found is None:
        raise click.ClickException(f"there is no programme {programme}")
    outcome = sources.add_source(
        code=code,
        programme_id=found.id,
        protocol=protocol,
        port=port,
        dvr_minutes=dvr_minutes,
        records=records,
        now=now,
    )
    match outcome:
        case Saved(source_id):
            sources.start_source(source_id=source_id, now=now)
        case BadTerms(problems):
            raise click.ClickException("; ".join(f"{p.field}: {p.message}" for p in problems))
        case _:
            raise click.ClickException(str(outcome))
    (row,) = (each for each in sources.sources(now=now) if each.id == source_id)
    click.echo(row.address)


@live.command("start")
@click.argument("code")
def start(*, code: str) -> None:
    """Listen for a source from now on."""
    sources.start_source(source_id=_found(code).id, now=clock.now())


@live.command("stop")
@click.argument("code")
def stop(*, code: str) -> None:
    """Listen for a source no longer; what is on air ends."""
    sources.stop_source(source_id=_found(code).id, now=clock.now())


@live.command("test-signal")
@click.argument("code")
@click.option("--seconds", type=click.IntRange(1, 86_400), help="Until ended if not given")
def send_test_signal(*, code: str, seconds: int | None) -> None:
    """Send moving bars, a clock and a tone to a source on this machine."""
    row = _found(code)
    source = Source(row.id, row.code, row.protocol, row.port, row.key)
    program = ffmpeg.binary()
    try:
        tried = subprocess.run(bars.try_clock(program=program), check=False)  # noqa: S603 - as below
        has_clock = tried.returncode == 0
        words = bars.command(source, program=program, seconds=seconds, has_clock=has_clock)
        subprocess.run(words, check=True)  # noqa: S603 - our own command line, no shell
    except subprocess.CalledProcessError as error:
        raise click.ClickException(
            f"the sender ended with {error.returncode}; is `kotinos channel run` running?"
        ) from error
    except KeyboardInterrupt:
        return


def _found(code: str) -> LiveSource:
    row = LiveSource.objects.filter(code=code).first()
    if row is None:
        raise click.ClickException(f"there is no source {code}")
    return row
