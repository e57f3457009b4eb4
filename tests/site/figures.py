"""A few days of sales, refusals and views in the running site's lake, for what shows figures.

    python -m tests.site.figures

Clicks come in by the collector, as anybody sends them; these are facts, which nobody may send.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import django

DAYS = 6
TEAMS = ("KEN", "JPN", "FRA", "EGY", "BRA")
TERRITORIES = ("JP", "US", "FR", "KE", "MT", "TV")


def load() -> None:
    """Write and count the files."""
    # Their modules hold models, which must not be imported before Django is set up.
    from django.db import transaction  # noqa: PLC0415

    from kotinos.games import api as games  # noqa: PLC0415
    from kotinos.insight.lake import manifest  # noqa: PLC0415
    from kotinos.insight.lake.schema import arrow_rows  # noqa: PLC0415
    from kotinos.insight.tables import TABLES  # noqa: PLC0415
    from kotinos.kernel import clock  # noqa: PLC0415

    now = clock.now()
    edition = games.editions()[0].code
    sellers = {each.code: str(each.id) for each in games.organisations()}
    files = []
    for name in ("sales", "refusals", "watching"):
        rows = [
            _row(number, edition, sellers, now - timedelta(hours=number * DAYS * 24 // 240))
            for number in range(240)
        ]
        files += manifest.write_rows(table=TABLES[name], rows=arrow_rows(TABLES[name], rows))
    with transaction.atomic():
        manifest.commit(added=files, now=now)


def _row(number: int, edition: str, sellers: dict[str, str], at: object) -> dict[str, object]:
    team = TEAMS[number * number % len(TEAMS)]
    seller = sellers[f"NOC-{team}"]
    instant = at.replace(tzinfo=None)  # type: ignore[attr-defined]  # an instant
    return {
        "id": str(uuid4()),
        "edition": edition,
        "day": instant.date(),
        "organisation": seller,
        "occurred_at": instant,
        "received_at": instant,
        "territory": TERRITORIES[number * 7 % 11 % len(TERRITORIES)],
        "noc": team,
        "order": f"o{number // 2}",
        "position": number % 2,
        "product": f"{team.lower()}-{('jersey', 'pin', 'scarf')[number % 3]}",
        "title": f"{team.title()} {('jersey', 'pin', 'scarf')[number % 3]}",
        "via": "channel:opening:flame:32000" if number % 5 == 0 else "",
        "drop": "gold-jersey" if number % 7 == 0 else "",
        "units": -1 if number % 40 == 7 else 1 + number % 3,
        "minor": -2500 if number % 40 == 7 else 2500,
        "currency": "EUR" if number % 4 else "USD",
        "reason": ("territory", "no-consent", "not-yet")[number % 3],
        "property": f"NOC-{team}-EMBLEM",
        "work": f"w{number % 9}",
        "bot": False,
        "view": f"v{number // 4}",
        "subject": ("v:opening", "v:final-100m", "c:games")[number % 3],
        "kind": "start" if number % 4 == 0 else "beat",
        "seconds": 15,
    }


if __name__ == "__main__":
    django.setup()
    load()
