from __future__ import annotations

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kotinos.games import api, models, tables

NOW = datetime(2029, 1, 1, tzinfo=timezone.utc)
OWN = Path(tables.__file__).parent / "data"


def _world(folder: Path) -> tables.World:
    world = tables.read(folder)
    assert isinstance(world, tables.World), world
    return world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables that come with Kotinos, to be corrected."""
    shutil.copytree(OWN, tmp_path / "tables")
    return tmp_path / "tables"


def _correct(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.django_db
def test_the_world_has_206_committees_and_every_territory() -> None:
    api.import_world(_world(OWN), actor=None, now=NOW)
    assert len(api.nocs()) == 206
    atlas = api.atlas()
    assert len(atlas.bits) == 250
    assert atlas.home_noc("HK", NOW) == "HKG"
    assert atlas.home_noc("GP", NOW) == "FRA"
    assert atlas.home_noc("AQ", NOW) is None
    assert len(atlas.codes(atlas.mask("EUROPE50", NOW))) == 50


@pytest.mark.django_db
def test_importing_the_same_tables_again_changes_nothing() -> None:
    api.import_world(_world(OWN), actor=None, now=NOW)
    again = api.import_world(_world(OWN), actor=None, now=NOW + timedelta(days=1))
    assert (again.added, again.retracted) == (0, 0)


@pytest.mark.django_db
def test_a_corrected_table_keeps_what_was_known_before(folder: Path) -> None:
    api.import_world(_world(OWN), actor=None, now=NOW)
    later = NOW + timedelta(days=30)
    _correct(folder, "homes.csv", "GP,FRA,,", "GP,FRA,,2030-01-01\nGP,ESP,2030-01-01,")
    done = api.import_world(_world(folder), actor=None, now=later)
    assert (done.added, done.retracted) == (2, 1)
    summer = datetime(2030, 7, 1, tzinfo=timezone.utc)
    assert api.atlas().home_noc("GP", summer) == "ESP"
    assert api.atlas().home_noc("GP", later) == "FRA"
    assert api.atlas(as_of=NOW).home_noc("GP", summer) == "FRA"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("homes.csv", "JP,JPN", "JP,JAP", "'JAP' is no known committee"),
        ("homes.csv", "GP,FRA,,", "GP,FRA,,\nGP,ESP,,", "home of FRA and ESP at once"),
        ("nocs.csv", ",JPY", ",YEN", "'YEN' is not an ISO 4217 currency"),
        ("territories.csv", "ZW,249", "ZW,256", "not a number from 0 to 255"),
        ("territory_sets.csv", '"EUROPE50,-RU"', '"EUROPE51,-RU"', "did you mean EUROPE50"),
        ("editions.csv", "Asia/Seoul", "Asia/Soul", "no known time zone"),
        ("editions.csv", "2024-08-11", "2024-07-11", "ends before it begins"),
    ],
)
def test_a_fault_is_named_and_nothing_is_taken(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    _correct(folder, file, old, new)
    faults = tables.read(folder)
    assert isinstance(faults, tuple)
    assert any(message in fault.message for fault in faults), faults


def test_nonsense_is_a_fault_not_a_crash(folder: Path) -> None:
    (folder / "nocs.csv").write_bytes(b"\xff\xfe\x00nonsense\x00")
    (folder / "homes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "editions.csv").unlink()
    faults = tables.read(folder)
    assert isinstance(faults, tuple)
    assert {fault.file for fault in faults} >= {"nocs.csv", "homes.csv", "editions.csv"}


@pytest.mark.django_db
def test_a_role_is_given_ended_and_remembered() -> None:
    api.import_world(_world(OWN), actor=None, now=NOW)
    kenya = api.organisation("NOC-KEN")
    japan = api.organisation("NOC-JPN")
    assert kenya is not None
    assert japan is not None
    person = api.ensure_person(email="amina@example.org", name="Amina", password=None)
    api.give_role(
        person_id=person,
        organisation_id=kenya.id,
        role=api.RoleName.RIGHTS_MANAGER,
        actor=None,
        now=NOW,
    )

    def may(organisation_id: object, now: datetime) -> bool:
        return any(
            role.organisation_id == organisation_id
            for role in api.roles_of(person_id=person, now=now)
        )

    later = NOW + timedelta(days=1)
    assert may(kenya.id, later)
    assert not may(japan.id, later)
    assert api.end_role(
        person_id=person,
        organisation_id=kenya.id,
        role=api.RoleName.RIGHTS_MANAGER,
        actor=None,
        now=later,
    )
    assert not may(kenya.id, later)
    assert may(kenya.id, NOW)
    assert models.Role.objects.count() == 1


def test_a_person_reads_the_names_of_the_ioc() -> None:
    assert api.territory_name("TW", "en") == "Chinese Taipei"
    assert api.territory_name("TW", "zh-hans") == "中华台北"
    assert api.territory_name("HK", "zh-hans") == "中国香港"
    assert api.territory_name("HK", "en") == "Hong Kong, China"
    assert api.noc_name("JPN", "fr") == "Japon"
    assert api.territory_name("KE", "ar") == "كينيا"
    for language in ("en", "fr", "zh-hans", "ar"):
        assert len(api.territory_names(language)) == 250
