"""An edition with a linear channel for the editors' test: no film, no other edition's language.

python -m tests.site.desk
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

ORGANISER, FILM, EDITION, CHANNEL = "OCOG-K2030", "DESK-FILM", "desk", "desk-one"


def prepare(site: Site) -> None:
    """Write it down in a site; said twice it changes nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.desk"],
        cwd=ROOT,
        env=site.environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _prepare() -> None:
    from kotinos.channel import api as channel  # noqa: PLC0415 - after Django is set up
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel import clock  # noqa: PLC0415 - the same
    from kotinos.rights import api as rights  # noqa: PLC0415 - the same

    now = clock.now()
    past = now - timedelta(days=1)
    organiser = games.organisation(ORGANISER)
    assert organiser is not None
    if rights.property_(FILM) is None:
        rights.add_property(code=FILM, names={"en": "Film"}, kind="mark", owner=ORGANISER, now=past)
        terms = rights.GrantTerms(
            grantor=ORGANISER,
            grantee=ORGANISER,
            property=FILM,
            acts="show/*",
            outlets="internet",
            territory="WORLD,-US",
        )
        drafted = rights.draft_grant(terms=terms, now=past)
        assert isinstance(drafted, rights.Drafted), drafted
        rights.sign(grant_id=drafted.grant_id, now=past)
    channel.put_edition(
        code=EDITION,
        names={"en": "Desk"},
        languages=[],
        licensee_id=organiser.id,
        home_territory="JP",
    )
    channel.put_linear_channel(code=CHANNEL, edition=EDITION, names={"en": "Desk one"}, now=now)


if __name__ == "__main__":
    django.setup()
    _prepare()
