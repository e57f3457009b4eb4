"""A small channel for the tests that play: tiny clips, an edition, a linear channel, a source.

    python -m tests.site.channel prepare FOLDER
    python -m tests.site.channel finish
    python -m tests.site.channel place CODE soon|FROM_TICK [CODE[:TICKS] | -TICKS] ...
    python -m tests.site.channel replace SLOT_ID CODE

Everything goes in through the doors and commands that editors have.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import imageio_ffmpeg

from demo.channel_rights import FILMS, GROVE, SIGNAL
from demo.goods import ORGANISER
from kotinos.channel.contracts import lock_tick
from kotinos.channel.results import Placed, Removed
from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from uuid import UUID

    from tests.site.site import Site

CHANNEL, SOURCE, LIVE = "test-one", "test-court", "test-court-live"
CLIPS = {"clip-long": (22.5, 25), "clip-two": (7.6, 25), "clip-three": (11.2, 30)}
"""Seconds and frames a second: six, two and three ticks when they are packaged."""
SLATES = ("test-slate",)
LATE, LATE_MINUTES = "KE", 1
_TITLES = {"en": "A test", "fr": "Un essai", "zh-hans": "测试", "ar": "اختبار"}
_SUBTITLES = "WEBVTT\n\n" + "\n".join(
    f"00:00:{second:02}.000 --> 00:00:{second + 1:02}.900\nsecond {second}\n"
    for second in range(0, 22, 2)
)


def say(site: Site, *words: object) -> Any:
    """Run one of the words above against a site; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.channel", *(str(word) for word in words)],
        cwd=ROOT,
        env=site.environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def film(path: Path, seconds: float, rate: int) -> None:
    """A clip with a moving picture and a tone, small enough to be packaged in a moment."""
    picture = f"testsrc2=size=426x240:rate={rate}:duration={seconds}"
    words = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=440:duration={seconds}"]
    words += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-c:a", "aac", str(path)]
    binary = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([binary, "-y", "-v", "error", *words], check=True)


def _rights() -> None:
    from kotinos.games import api as games  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same
    from kotinos.rights import api as rights  # noqa: PLC0415 - the same

    games.ensure_organisation(
        code=GROVE, kind=games.OrganisationKind.BROADCASTER, name="Grove Media"
    )
    for number, property_code, acts, territory, delay_minutes in (
        ("TEST-FILMS", FILMS, "show/*", "WORLD", 0),
        ("TEST-LIVE", SIGNAL, "show/live, show/vod", f"WORLD,-{LATE}", 0),
        ("TEST-LATE", SIGNAL, "show/delayed", LATE, LATE_MINUTES),
    ):
        drafted = rights.draft_grant(
            terms=rights.GrantTerms(
                number=number,
                grantor=ORGANISER,
                grantee=GROVE,
                property=property_code,
                acts=acts,
                outlets="internet",
                territory=territory,
                delay_minutes=delay_minutes,
            ),
            now=clock.now(),
        )
        assert isinstance(drafted, rights.Drafted), drafted
        rights.sign(grant_id=drafted.grant_id, now=clock.now())


def _put(code: str, kind: str, properties: list[str]) -> UUID:
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    owner = games.organisation(ORGANISER)
    assert owner is not None
    saved = channel.put_programme(
        code=code,
        kind=kind,
        titles=_TITLES,
        organisation_id=owner.id,
        properties=properties,
        editions=["global"],
        occurred_at=clock.now(),
        now=clock.now(),
    )
    id_: UUID = saved.id  # type: ignore[union-attr]  # sound, or the test ends here
    return id_


def _prepare(folder: Path) -> dict[str, str]:
    """Write rows, and have the clips packaged by the site's own worker; ids by code."""
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.channel.commands import channel as words  # noqa: PLC0415 - the same
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    _rights()
    licensee = games.organisation(GROVE)
    assert licensee is not None
    channel.put_edition(
        code="global",
        names={"en": "Test channel"},
        languages=["en", "fr", "ar"],
        licensee_id=licensee.id,
        home_territory="GR",
        is_default=True,
    )
    folder.mkdir(parents=True, exist_ok=True)
    ids = {}
    for code in (*SLATES, *CLIPS):
        ids[code] = _put(code, "slate" if code in SLATES else "highlights", [FILMS])
        film(folder / f"{code}.mp4", *CLIPS.get(code, (8, 25)))
        words.main(
            ["import", str(folder / f"{code}.mp4"), "--programme", code], standalone_mode=False
        )
    channel.put_track(
        programme_id=ids["clip-long"],
        kind="subtitles",
        language="en",
        text=_SUBTITLES,
        now=clock.now(),
    )
    ids[LIVE] = _put(LIVE, "event", [SIGNAL])
    words.main(["live", "add", SOURCE, "--programme", LIVE], standalone_mode=False)
    channel.publish(programme_id=ids[LIVE], now=clock.now())
    return {code: str(id_) for code, id_ in ids.items()}


def _finish() -> dict[str, str]:
    """Publish what is packaged, and make the linear channel once the slate is; packages."""
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    known = channel.standings()
    for code in CLIPS:
        if known[code].package_id and not known[code].is_published:
            channel.publish(programme_id=known[code].id, now=clock.now())
    slate = known[SLATES[0]].package_id
    if slate:
        channel.put_linear_channel(
            code=CHANNEL,
            edition="global",
            names=_TITLES,
            slate_elsewhere_id=slate,
            slate_pause_id=slate,
            now=clock.now(),
        )
    return {code: str(known[code].package_id or "") for code in (*SLATES, *CLIPS)}


def _place(code: str, from_tick: str, *items: str) -> list[str]:
    """Programmes one after the other; `-2` leaves two ticks empty. The slots' ids."""
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    at = lock_tick(clock.now()) + 1 if from_tick == "soon" else int(from_tick)
    placed, known = [], channel.standings()
    for item in items:
        if item.startswith("-"):
            at += int(item[1:])
            continue
        programme, _, ticks = item.partition(":")
        outcome = channel.place_slot(
            channel_id=channel.channel_ids()[code],
            from_tick=at,
            programme_id=known[programme].id,
            ticks=int(ticks) if ticks else None,
            now=clock.now(),
        )
        assert isinstance(outcome, Placed), (item, outcome)
        placed.append(str(outcome.slot_id))
        at = outcome.until_tick
    return placed


def _replace(slot_id: str, code: str) -> list[str]:
    """What an editor does at the last moment: another programme in the place of one to come."""
    from uuid import UUID  # noqa: PLC0415 - only here

    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    moved = channel.shorten_slot(slot_id=UUID(slot_id), ticks=1, now=clock.now())
    assert isinstance(moved, Placed), moved
    removed = channel.remove_slot(slot_id=UUID(slot_id), now=clock.now())
    assert isinstance(removed, Removed), removed
    return _place(CHANNEL, str(moved.from_tick), code)


def main(word: str, *given: str) -> None:
    """Do one of the words; its answer is the last line."""
    match word:
        case "prepare":
            answer: object = _prepare(Path(given[0]))
        case "finish":
            answer = _finish()
        case "place":
            answer = _place(*given)
        case "replace":
            answer = _replace(*given)
        case _:
            raise SystemExit(f"no word {word}")
    print(json.dumps(answer))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
