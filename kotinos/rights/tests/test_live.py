"""A snapshot hears of a change after its commit, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from kotinos.games import api as games
from kotinos.rights import api
from kotinos.rights.contracts import Act, Outlet, use_bit
from kotinos.rights.live import LiveSnapshot
from kotinos.rights.models import Work

if TYPE_CHECKING:
    from kotinos.rights.tests.conftest import Town


def test_a_snapshot_is_told_of_changes_when_they_are_committed(open_town: Town) -> None:
    town = open_town
    set_id = Work.objects.get(id=town.work("GAMES")).property_set_id
    draft = town.draft("IOC", "SHOP")
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    live = LiveSnapshot(
        make_conninfo("", **{n: parameters[n] for n in names if parameters.get(n)}), now=town.now
    )
    use, bit = use_bit(Act.SELL, Outlet.OWN_SHOP), games.territory_bits()["JP"]

    def cleared() -> bool:
        found = live.snapshot.decide(set_id, town.ids["SHOP"], use, bit, town.now)
        return found is not None

    try:
        assert not cleared()
        assert not live.refresh(now=town.now)
        with transaction.atomic():
            town.sign(draft)
            assert not live.refresh(now=town.now)
        assert live.refresh(now=town.now)
        assert cleared()
        api.suspend(grant_id=draft, now=town.now)
        assert live.refresh(now=town.now)
        assert not cleared()
    finally:
        live.close()
