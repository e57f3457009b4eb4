"""How long after a signature the storefront's own SQL shows what was signed.

A grant that touches 1,000 works is signed in a database of an edition's size; a second connection
then asks, as a listing does, how many of those works are cleared. The time runs from the moment
before signing until that answer is 1,000.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kotinos.kernel import clock, postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

WORKS = 1_000
ROUNDS = 5
CLEARED = """
SELECT count(*) FROM rights_work w WHERE EXISTS (
    SELECT FROM rights_clearance c
    WHERE c.property_set_id = w.property_set_id AND c.seller_id = %(seller)s
        AND c.valid @> now() AND c.delay_minutes = 0
        AND get_bit(c.uses, %(use)s) = 1 AND get_bit(c.mask, %(bit)s) = 1
)
"""


def effective_ms() -> float:
    """The slowest of some signings, in milliseconds, on a PostgreSQL that waits for the disk."""
    with _database():
        return max(measure_effective())


def measure_effective(*, rounds: int = ROUNDS, works: int = WORKS) -> list[float]:
    """Milliseconds of each of some signings; needs a migrated, empty database and Django."""
    now = clock.now()
    emblems = _edition(now)
    _works(emblems, works, now)
    return [_round(number, works) for number in range(rounds)]


@contextmanager
def _database() -> Iterator[None]:
    """A PostgreSQL of our own, migrated, and Django set up on it."""
    with postgres.temporary(durable=True) as cluster, tempfile.TemporaryDirectory() as data:
        os.environ |= {
            "DATABASE_URL": cluster.url(),
            "KOTINOS_DATA": data,
            "KOTINOS_SECRET": "a secret for a benchmark only",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        }
        import django  # noqa: PLC0415 - Django reads the environment set above
        from django.core.management import call_command  # noqa: PLC0415 - as above
        from django.db import connections  # noqa: PLC0415 - as above

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()


def _edition(now: datetime) -> list[str]:
    """The world's committees, their emblems, the Games' mark, and the grants around them."""
    from click.testing import CliRunner  # noqa: PLC0415 - needs Django's set-up

    from kotinos.games import api as games  # noqa: PLC0415 - needs Django's set-up
    from kotinos.games.commands import games as words  # noqa: PLC0415 - needs Django's set-up
    from kotinos.rights import models  # noqa: PLC0415 - needs Django's set-up

    assert CliRunner().invoke(words, ["import"]).exit_code == 0
    nocs = games.nocs()
    owners = {row.code: row.id for row in games.organisations()}
    models.Property.objects.bulk_create(
        [
            models.Property(
                code="GAMES", names={}, kind="mark", owner_id=owners["IOC"], recorded_at=now
            ),
            *(
                models.Property(
                    code=f"{noc.code}-CREST",
                    names={},
                    kind="noc-emblem",
                    owner_id=noc.organisation_id,
                    home_noc=noc.code,
                    recorded_at=now,
                )
                for noc in nocs
            ),
        ]
    )
    crests = [
        (f"NOC-{noc.code}", seller, f"{noc.code}-CREST")
        for number, noc in enumerate(nocs)
        for seller in (*(f"NEW-{n}" for n in range(ROUNDS)), "SHOP", f"SELLER-{number % 40}")
    ]
    _stand([*crests, *(("IOC", f"SELLER-{number}", "GAMES") for number in range(20))], now)
    return [f"{noc.code}-CREST" for noc in nocs]


def _stand(wanted: list[tuple[str, str, str]], now: datetime) -> None:
    """Grants (grantor, seller, property) signed long ago, as rows: over a thousand are needed."""
    from kotinos.games import api as games  # noqa: PLC0415 - needs Django's set-up
    from kotinos.rights import models  # noqa: PLC0415 - needs Django's set-up

    for seller in {seller for _, seller, _ in wanted}:
        games.ensure_organisation(code=seller, kind=games.OrganisationKind.SELLER, name=seller)
    ids = {row.code: row.id for row in games.organisations()}
    properties = dict(models.Property.objects.values_list("code", "id"))
    rows = [
        models.Grant(
            number=f"B-{number}",
            grantor_id=ids[grantor],
            grantee_id=ids[seller],
            property_id=properties[code],
            acts=["sell", "ship"],
            outlets=["own-shop"],
            territory="WORLD,-CN",
            recorded_at=now,
        )
        for number, (grantor, seller, code) in enumerate(wanted)
    ]
    models.Grant.objects.bulk_create(rows)
    models.Signature.objects.bulk_create(
        models.Signature(grant=row, party=party, at=now, recorded_at=now)
        for row in rows
        for party in ("grantor", "grantee")
    )


def _works(emblems: list[str], works: int, now: datetime) -> None:
    """Works that use the Games' mark, three in four with some team's emblem too."""
    from kotinos.kernel.ids import new_id  # noqa: PLC0415 - needs Django's set-up
    from kotinos.rights import api as rights  # noqa: PLC0415 - needs Django's set-up

    registered = rights.register_works(
        works=[
            rights.WorkToRegister(
                work_id=new_id(),
                kind="product",
                title=f"Work {number}",
                properties=("GAMES", emblems[number % len(emblems)]) if number % 4 else ("GAMES",),
            )
            for number in range(works)
        ],
        now=now,
    )
    assert all(isinstance(each, rights.Registered) for each in registered)


def _round(number: int, works: int) -> float:
    """One signing: a new seller who may sell everything everywhere gets the Games' mark."""
    import psycopg  # noqa: PLC0415 - beside Django's own connection
    from django.db import connection  # noqa: PLC0415 - needs Django's set-up

    from kotinos.games import api as games  # noqa: PLC0415 - needs Django's set-up
    from kotinos.rights import api as rights  # noqa: PLC0415 - needs Django's set-up

    now, seller = clock.now(), f"NEW-{number}"
    found = games.organisation(seller)
    assert found is not None
    terms = rights.GrantTerms(
        grantor="IOC", grantee=seller, property="GAMES", acts="sell, ship", territory="WORLD"
    )
    drafted = rights.draft_grant(terms=terms, now=now)
    assert isinstance(drafted, rights.Drafted), drafted
    question = {
        "seller": found.id,
        "use": rights.use_bit(rights.Act.SELL, rights.Outlet.OWN_SHOP),
        "bit": games.territory_bits()["AQ"],
    }
    with psycopg.connect(_dsn(connection.get_connection_params()), autocommit=True) as storefront:
        started = time.perf_counter()
        signed = rights.sign(grant_id=drafted.grant_id, now=clock.now())
        assert isinstance(signed, rights.Signed), signed
        while storefront.execute(CLEARED, question).fetchone() != (works,):
            assert time.perf_counter() - started < 60, "the grant never became effective"
        return (time.perf_counter() - started) * 1000


def _dsn(parameters: dict[str, object]) -> str:
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - beside Django's own connection

    names = ("dbname", "user", "password", "host", "port")
    return make_conninfo("", **{n: str(parameters[n]) for n in names if parameters.get(n)})
