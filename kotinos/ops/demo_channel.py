"""The demo's channel: editions, programmes and cues at load; its films while the site runs.

Loading writes rows only, so that nobody waits for a film. `kotinos demo films`, which `up` starts
beside the server, has the films made, brings each in as soon as it is there, publishes it when it
is packaged, and lets the schedules grow. It may be killed and started at any time: it goes on from
what is there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import redirect_stdout, suppress
from io import StringIO
from typing import TYPE_CHECKING, Any

import click

from kotinos.channel import api as channel_api
from kotinos.channel.commands import channel as channel_words
from kotinos.games import api as games_api
from kotinos.kernel import clock
from kotinos.kernel.environment import ROOT, environment
from kotinos.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.api import Standing

ORGANISER = "OCOG-K2030"
SLATES = {"slate_elsewhere_id": "slate-elsewhere", "slate_pause_id": "slate-pause"}
LOOK_SECONDS = 1.0
"""How often one looks whether a film, or a package, is there."""
_END_SECONDS = 3600
"""The last chapter lasts until the film ends, which is sooner."""
_SUBTITLE_FIELDS, _CHAPTER_FIELDS, _CUE_FIELDS = 2, 1, 3


def load(folder: Path) -> None:
    """Write editions, programmes with their texts and cues, linear channels, and a live source."""
    facts = {name: _read(folder, name) for name in ("editions", "programmes", "texts", "cues")}
    for code, edition in facts["editions"]["editions"].items():
        _put_edition(code, edition)
    for code, row in facts["programmes"].items():
        programme_id = _put_programme(code, row)
        _put_texts(programme_id, facts["texts"].get(code, {}), row["titles"]["en"])
        _put_cues(programme_id, facts["cues"].get(code, {}).get("cues", ()))
    for row in facts["editions"]["channels"]:
        put_channel(row)
    _put_source(facts["editions"]["live"])


def _read(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / "channel" / f"{name}.toml").read_text(encoding="utf-8"))


def _saved(outcome: object, what: str) -> UUID:
    """Our own files are sound; say it loudly where one is not."""
    found = getattr(outcome, "id", None)
    if found is None:
        raise click.ClickException(f"{what}: {outcome}")
    id_: UUID = found
    return id_


def _organisation(code: str) -> UUID:
    found = games_api.organisation(code)
    if found is None:
        raise click.ClickException(f"there is no organisation {code}")
    return found.id


def _put_edition(code: str, row: Mapping[str, Any]) -> None:
    given = {key: row[key] for key in ("names", "languages", "home_territory", "is_default")}
    licensee_id = _organisation(row["licensee"])
    put = channel_api.put_edition(code=code, licensee_id=licensee_id, look=row["look"], **given)
    _saved(put, code)


def _put_programme(code: str, row: Mapping[str, Any]) -> UUID:
    put = channel_api.put_programme(
        code=code,
        kind=row["kind"],
        titles=row["titles"],
        synopses=row.get("synopses"),
        organisation_id=_organisation(ORGANISER),
        properties=row["properties"],
        editions=row.get("editions", ()),
        nocs=row["nocs"],
        sport=row["sport"],
        occurred_at=row.get("occurred_at"),
        now=clock.now(),
    )
    return _saved(put, code)


def _put_texts(programme_id: UUID, texts: Mapping[str, Any], title: str) -> None:
    for number, language in enumerate(LANGUAGES):
        lines = [
            (row[0], row[1], row[_SUBTITLE_FIELDS + number]) for row in texts.get("subtitles", ())
        ]
        marks = [(row[0], row[_CHAPTER_FIELDS + number]) for row in texts.get("chapters", ())]
        ends = [*(at for at, _ in marks[1:]), _END_SECONDS]
        chapters = [(at, end, text) for (at, text), end in zip(marks, ends, strict=False)]
        for kind, found in (("subtitles", lines), ("chapters", chapters)):
            if found:
                put = channel_api.put_track(
                    programme_id=programme_id,
                    kind=kind,
                    language=language,
                    text=_webvtt(found),
                    now=clock.now(),
                )
                _saved(put, f"{title}, {kind} in {language}")


def _webvtt(lines: Sequence[tuple[float, float, str]]) -> str:
    cues = [f"{_stamp(start)} --> {_stamp(end)}\n{text}\n" for start, end, text in lines]
    return "WEBVTT\n\n" + "\n".join(cues)


def _stamp(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest:06.3f}"


def _put_cues(programme_id: UUID, rows: Sequence[Sequence[Any]]) -> None:
    """Cues name products by their handles; one whose products are not all here is left out."""
    for at, seconds, handles, *words in rows:
        found = channel_api.product_ids(handles)
        if found:
            put = channel_api.put_cue(
                programme_id=programme_id,
                at_ms=int(at * 1000),
                seconds=seconds,
                words=dict(zip(LANGUAGES, words, strict=True)),
                product_ids=[found[handle] for handle in handles if handle in found],
                now=clock.now(),
            )
            _saved(put, f"cue at {at}")


def put_channel(row: Mapping[str, Any]) -> None:
    """Write a linear channel with those slates that are packaged by now."""
    known = channel_api.standings()
    slates = {
        field: known[code].package_id
        for field, code in SLATES.items()
        if code in known and known[code].package_id
    }
    put = channel_api.put_linear_channel(
        code=row["code"],
        edition=row["edition"],
        names=row["names"],
        position=int(row.get("position", 0)),
        now=clock.now(),
        **slates,
    )
    _saved(put, row["code"])


def _put_source(row: Mapping[str, Any]) -> None:
    """A source that waits for its sender; one that exists keeps its key and its port."""
    words = ("--programme", row["programme"], "--protocol", row["protocol"])
    with suppress(click.ClickException):
        _say("live", "add", row["code"], *words, "--dvr-minutes", str(row["dvr_minutes"]))
    programme = channel_api.standings()[row["programme"]]
    if not programme.is_published:
        _saved_step(programme)


def _say(*words: str) -> None:
    with redirect_stdout(StringIO()):
        channel_words.main(list(words), standalone_mode=False)


@click.command("films")
@click.option("--only", multiple=True, help="Only these programmes")
def films(*, only: tuple[str, ...]) -> None:
    """Make the demo's films and bring them in; about three minutes on two idle cores."""
    folder = environment().data / "demo"
    rows = _read(folder, "editions")["channels"]
    wanted = [code for code in channel_api.standings() if not only or code in only]
    target = folder / "channel" / "films"
    maker = _maker(target, [code for code in wanted if _lacks(code)])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what we began ends too
    try:
        _bring_in(target, wanted, rows, maker)
    except KeyboardInterrupt:
        return
    finally:
        _end(maker)
    channel_api.keep_ahead(now=clock.now())


def _end(maker: subprocess.Popen[bytes] | None) -> None:
    """End the maker and the ffmpeg it runs; the films it has finished stay."""
    if maker is not None and maker.poll() is None:
        os.killpg(maker.pid, signal.SIGTERM)
        maker.wait()


def _lacks(code: str) -> bool:
    """Whether a programme of the demo has a film to be made, and no package yet."""
    standing = channel_api.standings()[code]
    return standing.package_id is None and code in _planned()


def _planned() -> Sequence[str]:
    from demo.channel.programmes import CODES

    return CODES


def _maker(target: Path, codes: Sequence[str]) -> subprocess.Popen[bytes] | None:
    if not codes:
        return None
    words = [word for code in _planned() if code in codes for word in ("--only", code)]
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        ["nice", "-n", "5", sys.executable, "-m", "demo.channel", str(target), *words],  # noqa: S607 - the same
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _bring_in(
    target: Path,
    wanted: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    maker: subprocess.Popen[bytes] | None,
) -> None:
    """Until every film is packaged and published, or nothing is left that could bring one."""
    asked: set[str] = set()
    ready: set[str] = set()
    while True:
        ended = maker is None or maker.poll() is not None
        known = channel_api.standings()
        _asked(known, target, wanted, asked)
        fresh = {code for code in wanted if known[code].package_id} - ready
        for code in fresh:
            _show(known[code], rows)
        if fresh:
            ready |= fresh
            channel_api.keep_ahead(now=clock.now(), ahead=channel_api.AHEAD_WHILE_PACKAGING)
        idle = not any(known[code].is_worked_on for code in wanted)
        if ended and idle and not fresh and not _asked(known, target, wanted, asked):
            return
        time.sleep(LOOK_SECONDS)


def _asked(
    known: Mapping[str, Standing], target: Path, wanted: Sequence[str], asked: set[str]
) -> bool:
    """Ask for what is there and was not asked for; whether there was any."""
    before = len(asked)
    for code in wanted:
        _ask(known[code], target / f"{code}.mp4", asked)
    return len(asked) > before


def _ask(standing: Standing, path: Path, asked: set[str]) -> None:
    """Have a film packaged, once in this run."""
    idle = standing.package_id is None and not standing.is_worked_on
    if idle and standing.code not in asked and path.exists():
        asked.add(standing.code)
        _say("import", str(path), "--programme", standing.code)


def _show(standing: Standing, rows: Sequence[Mapping[str, Any]]) -> None:
    """What is packaged is published, or becomes a slate."""
    if standing.code in SLATES.values():
        for row in rows:
            put_channel(row)
    elif not standing.is_published:
        _saved_step(standing)


def _saved_step(standing: Standing) -> None:
    outcome = channel_api.publish(programme_id=standing.id, now=clock.now())
    if not hasattr(outcome, "effective_at"):
        raise click.ClickException(f"{standing.code}: {outcome}")
