"""A drop for the tests that need one, made through the door that the back office uses.

python -m tests.site.drops open SLUG SELLER HANDLE SECONDS_UNTIL_IT_OPENS
python -m tests.site.drops pause|resume|withdraw SLUG
"""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import django

from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from tests.site.site import Site

HOURS = 1
NAMES = {
    "en": "First scarf",
    "fr": "Première écharpe",
    "zh-hans": "第一条围巾",
    "ar": "الوشاح الأول",
}
TEXTS = {
    "en": "One hundred of them, once.",
    "fr": "Cent pièces, une seule fois.",
    "zh-hans": "仅此一百条。",
    "ar": "مئة قطعة، مرة واحدة.",
}


def say(site: Site, *words: object) -> str:
    """Run one of the words above against a site, and be sure that it worked; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.drops", *(str(word) for word in words)],
        cwd=ROOT,
        env=site.environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _open(slug: str, seller: str, handle: str, seconds: str) -> None:
    from kotinos.drops import api as drops  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same
    from kotinos.orders import api as orders  # noqa: PLC0415 - the same

    now = clock.now()
    opens_at = now + timedelta(seconds=int(seconds))
    terms = drops.DropTerms(
        slug=slug,
        names=NAMES,
        texts=TEXTS,
        seller=seller,
        products=(handle,),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=HOURS),
    )
    scheduled = drops.schedule_drop(terms=terms, now=now)
    assert isinstance(scheduled, drops.Scheduled), scheduled
    published = drops.publish(drop_id=scheduled.drop.id, now=now)
    assert isinstance(published, drops.Changed), published
    orders.fix_quotes(drop_id=scheduled.drop.id, now=now)
    print(scheduled.drop.id, scheduled.drop.room_id)


def _act(word: str, slug: str) -> None:
    from kotinos.drops import api as drops  # noqa: PLC0415 - after Django is set up
    from kotinos.kernel import clock  # noqa: PLC0415 - the same
    from kotinos.waitingroom import api as waitingroom  # noqa: PLC0415 - the same

    now = clock.now()
    drop = drops.drop(slug)
    assert drop is not None, slug
    match word:
        case "pause":
            waitingroom.pause(room_id=drop.room_id, now=now)
        case "resume":
            waitingroom.resume(room_id=drop.room_id, now=now)
        case "withdraw":
            drops.withdraw(drop_id=drop.id, now=now)
        case _:
            raise SystemExit(f"no word {word}")


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "open":
        _open(*sys.argv[2:])
    else:
        _act(*sys.argv[1:])
