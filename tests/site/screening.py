"""A small channel for the tests that need one, made through the doors that editors use.

    python -m tests.site.screening

Two editions, two linear channels, two films with everything that belongs to them. In Germany
nothing may be shown; the Chinese edition has a licensee of its own, for China and Japan.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from kotinos.channel.contracts import lock_tick
from kotinos.kernel.environment import ROOT
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.site.site import Site

SECONDS = 16
REPEATS = 40
LOOKS: dict[str, dict[str, Any]] = {
    "global": {
        "home": [{"rail": "newest"}, {"rail": "kind", "value": "highlights"}],
        "licensee_line": {"en": "Shown by CAST Ltd (invented)."},
        "share": ["link", "mail"],
    },
    "zh": {
        "home": [{"rail": "newest", "titles": {"zh-hans": "最新上线"}}],
        "footer": {"zh-hans": ["演示备案号 京ICP备00000000号", "演示许可证 0000000"]},
        "licensee_line": {"zh-hans": "由 ZHCAST（虚构）播出"},
        "share": ["weibo", "wechat", "link"],
        "payments": ["alipay", "wechat-pay", "card"],
        "theme": {"field": "#5c1a1b", "on_field": "#f6f4ee", "leaf": "#d8b457"},
    },
}
TITLES = {
    "lanes": {
        "en": "Eight lanes, one wall",
        "fr": "Huit couloirs, un mur",
        "zh-hans": "八条泳道，一面墙",
        "ar": "ثمانية ممرات وجدار واحد",
    },
    "sticks": {
        "en": "Five tries at the bar",
        "fr": "Cinq essais à la barre",
        "zh-hans": "五次试跳",
        "ar": "خمس محاولات أمام العارضة",
    },
}
SYNOPSIS = {
    "en": "A test picture that swims. Nobody gets wet.",
    "fr": "Une mire qui nage. Personne n’est mouillé.",
    "zh-hans": "一幅会游泳的测试图，谁也不会弄湿。",
    "ar": "صورة اختبار تسبح، ولا أحد يبتل.",
}
LINES = {
    "en": ("They are off", "The turn", "Two to go", "The wall"),
    "fr": ("C’est parti", "Le virage", "Encore deux", "Le mur"),
    "zh-hans": ("出发", "转身", "还剩两趟", "触壁"),
    "ar": ("انطلقوا", "الدوران", "بقي اثنان", "الجدار"),
}


def screen(site: Site) -> None:
    """Fill a site's channel where it is empty, and be sure that it worked."""
    if site.rows("SELECT 1 FROM channel_programme WHERE code = 'lanes'"):
        return
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.screening"],
        cwd=ROOT,
        env=site.environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def fill() -> None:
    """All of it, in this process."""
    from kotinos.kernel import clock  # noqa: PLC0415 - after Django is set up

    now = clock.now()
    parties = _parties(now)
    films = {code: _film(code, parties["CAST"], now) for code in TITLES}
    _cues(films, now)
    _schedule(films, now)


def _parties(now: datetime) -> dict[str, UUID]:
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.rights import api as rights  # noqa: PLC0415 - the same

    rights.add_property(
        code="TEST-FILMS", names={"en": "Test films"}, kind="archive", owner="IOC", now=now
    )
    found = {}
    for code, territory in (("CAST", "WORLD,-DE"), ("ZHCAST", "CN,JP")):
        kind = games.OrganisationKind.LICENSEE
        found[code] = games.ensure_organisation(code=code, kind=kind, name=f"{code} Ltd")
        terms = rights.GrantTerms(
            grantor="IOC",
            grantee=code,
            property="TEST-FILMS",
            acts="show/*",
            outlets="internet",
            territory=territory,
        )
        drafted = rights.draft_grant(terms=terms, now=now)
        assert isinstance(drafted, rights.Drafted), drafted
        signed = rights.sign(grant_id=drafted.grant_id, now=now)
        assert isinstance(signed, rights.Signed), signed
    for code, edition, languages, names in (
        ("CAST", "global", ["en", "fr", "ar"], {"en": "Kotinos Channel"}),
        ("ZHCAST", "zh", ["zh-hans"], {"en": "Kotinos China", "zh-hans": "橄榄冠频道"}),
    ):
        channel.put_edition(
            code=edition,
            names=names,
            languages=languages,
            licensee_id=found[code],
            home_territory="GR" if edition == "global" else "CN",
            is_default=edition == "global",
            look=LOOKS[edition],
        )
    return found


def _film(code: str, organisation_id: UUID, now: datetime) -> UUID:
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up

    saved = channel.put_programme(
        code=code,
        kind="highlights",
        titles=TITLES[code],
        synopses=SYNOPSIS,
        organisation_id=organisation_id,
        properties=["TEST-FILMS"],
        editions=["global", "zh"],
        nocs=["KEN"] if code == "lanes" else ["JPN"],
        sport="athletics" if code == "lanes" else "cycling",
        now=now,
    )
    programme_id: UUID = saved.id  # type: ignore[union-attr]  # a refusal fails right here
    for language, lines in LINES.items():
        for kind, step in (("subtitles", 4), ("chapters", 8)):
            text = _timed(lines if kind == "subtitles" else lines[::2], step)
            channel.put_track(
                programme_id=programme_id, kind=kind, language=language, text=text, now=now
            )
    _package(programme_id, code, now)
    channel.publish(programme_id=programme_id, now=now)
    return programme_id


def _timed(lines: tuple[str, ...], step: int) -> str:
    cues = (
        f"00:{number * step:02}.000 --> 00:{(number + 1) * step:02}.000\n{line}\n"
        for number, line in enumerate(lines)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _package(programme_id: UUID, code: str, now: datetime) -> None:
    from kotinos.channel.ingest import leases, worker  # noqa: PLC0415 - after Django is set up
    from kotinos.channel.tests.clips import make_clip  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as folder:
        tones = 2 if code == "lanes" else 1
        path = make_clip(Path(folder), seconds=SECONDS, tones=tones)
        job_id = leases.ask(
            programme_id=programme_id, kind="package", path=path, upload_id=None, now=now
        )
        lease = leases.take(holder="test", now=now, job_id=job_id)
        assert lease is not None
        bad = worker.work(lease, stop=threading.Event(), tell=print, yields_to_live=False)
        assert bad is None, bad


def _cues(films: dict[str, UUID], now: datetime) -> None:
    from kotinos.catalog import api as catalog  # noqa: PLC0415 - after Django is set up
    from kotinos.channel import api as channel  # noqa: PLC0415 - the same

    for place in (Place("en", "JP"), Place("zh-hans", "CN")):
        found = catalog.listing(place, catalog.Filters(), now=now, path="/")
        there = [card.product_id for card in found.cards if not card.sold_out][:3]
        for number, programme_id in enumerate(films.values()):
            channel.put_cue(
                programme_id=programme_id,
                at_ms=(1 if place.territory == "JP" else 9) * 1000,
                seconds=6,
                words={"en": "In the first lane", "zh-hans": "第一泳道"},
                product_ids=there[number:],
                now=now,
            )


def _schedule(films: dict[str, UUID], now: datetime) -> None:
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up

    ticks = SECONDS // 4
    for edition in ("global", "zh"):
        saved = channel.put_linear_channel(
            code=f"{edition}-one",
            edition=edition,
            names={"en": f"{edition.title()} One", "zh-hans": "一套", "ar": "الأولى"},
            now=now,
        )
        start = lock_tick(now) + 1
        for number in range(REPEATS):
            placed = channel.place_slot(
                channel_id=saved.id,  # type: ignore[union-attr]  # a refusal fails right here
                from_tick=start + number * ticks,
                programme_id=list(films.values())[number % 2],
                now=now,
            )
            assert hasattr(placed, "slot_id"), placed


if __name__ == "__main__":
    django.setup()
    fill()
