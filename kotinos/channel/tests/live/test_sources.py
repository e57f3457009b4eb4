"""What editors do with live sources, by action, by page and by command."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.channel.live import sources
from kotinos.channel.live.words import live
from kotinos.channel.models import LiveSession, LiveSource
from kotinos.channel.results import BadTerms, NotYours, Saved
from kotinos.channel.tests.desk.world import at_desk, drafted, person

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.channel.tests.desk.world import World

URL = "/office/channel/live/"


def added(world: World, code: str = "arena", **more: object) -> UUID:
    given = {"protocol": "srt", **more}
    saved = sources.add_source(
        code=code,
        programme_id=drafted(world, f"{code}-day"),
        now=world.now,
        **given,  # type: ignore[arg-type]  # a test may give what it likes
    )
    assert isinstance(saved, Saved), saved
    return saved.id


def on_air(source_id: UUID, world: World, **health: object) -> None:
    LiveSession.objects.create(
        source_id=source_id,
        began_at=world.now - timedelta(minutes=3),
        seen_at=world.now,
        facts={"health": {"speed": 1.0, "bitrate": 4_000_000, "fps": 25.0, "gop_s": 2.0, **health}},
    )


def test_a_source_is_off_until_it_is_started_and_has_a_port_of_its_own(world: World) -> None:
    first, second = added(world), added(world, "studio", protocol="rtmp")
    one, other = sources.sources(now=world.now)
    assert (one.id, other.id) == (first, second)
    assert one.port != other.port
    assert one.key in one.address
    assert len(one.key) >= 24
    assert not one.is_enabled
    sources.start_source(source_id=first, now=world.now, until=world.now + timedelta(hours=1))
    assert sources.sources(now=world.now)[0].is_enabled
    assert not sources.sources(now=world.now + timedelta(hours=1))[0].is_enabled


def test_every_problem_of_a_source_is_said_beside_its_field(world: World) -> None:
    added(world, port=9999)
    taken = LiveSource.objects.get(code="arena").programme_id
    answer = sources.add_source(
        code="states",
        programme_id=taken,
        protocol="pigeon",
        port=9999,
        dvr_minutes=0,
        now=world.now,
    )
    assert isinstance(answer, BadTerms)
    assert {problem.field for problem in answer.problems} == {
        "code", "programme", "protocol", "port", "dvr_minutes",
    }  # fmt: skip


def test_another_organisations_editor_may_not_touch_a_source(world: World) -> None:
    source_id, stranger = added(world), person(world, "ZHCAST")
    for verb in (sources.start_source, sources.stop_source, sources.rotate_key):
        outcome = verb(source_id=source_id, now=world.now, by=stranger)
        assert isinstance(outcome, NotYours)
    client = at_desk(world, "ZHCAST")
    assert client.get(f"{URL}arena/").status_code == 404
    assert client.post(f"{URL}arena/act/", {"verb": "start"}).status_code == 404
    assert b"arena" not in client.get(URL).content


def test_the_page_shows_how_a_signal_arrives_and_the_key_to_editors_alone(world: World) -> None:
    source_id = added(world)
    key = LiveSource.objects.get(id=source_id).key
    on_air(source_id, world, gop_s=4.0)
    text = at_desk(world).get(URL).content.decode()
    assert key in text
    assert "4.0 Mbit/s" in text
    assert "A key picture every two seconds" in text
    watching = at_desk(world, role="viewer").get(URL).content.decode()
    assert "4.0 Mbit/s" in watching
    assert key not in watching
    fresh = at_desk(world).get(f"{URL}states/").content.decode()
    assert 'hx-swap-oob="true"' in fresh
    assert key not in fresh


def test_an_editor_adds_starts_changes_and_stops_a_source(world: World) -> None:
    programme_id, client = drafted(world, "final"), at_desk(world)
    bad = client.post(f"{URL}new/", {"programme": str(programme_id), "code": "A b"})
    assert bad.status_code == 422
    form = {"programme": programme_id, "code": "pool", "protocol": "rtmp", "dvr_minutes": 30}
    assert client.post(f"{URL}new/", form).status_code == 302
    row = LiveSource.objects.get(code="pool")
    assert (row.dvr_minutes, row.records) == (30, False)
    client.post(f"{URL}pool/act/", {"verb": "start"})
    assert sources.sources(now=row.enabled_from + timedelta(days=1))[0].is_enabled
    changed = client.post(f"{URL}pool/", {"port": "9750", "dvr_minutes": "60", "records": "on"})
    assert changed.status_code == 302
    client.post(f"{URL}pool/act/", {"verb": "key"})
    client.post(f"{URL}pool/act/", {"verb": "stop"})
    after = LiveSource.objects.get(code="pool")
    assert (after.port, after.dvr_minutes, after.records) == (9750, 60, True)
    assert after.key != row.key
    assert after.enabled_until is not None
    assert client.post(f"{URL}pool/act/", {"verb": "explode"}).status_code == 404


def test_commands_add_list_start_and_stop(world: World) -> None:
    drafted(world, "final")

    def said(*words: str) -> str:
        done = CliRunner().invoke(live, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    address = said("add", "pool", "--programme", "final").strip()
    assert address.startswith("srt://127.0.0.1:")
    assert "listening" in said("list")
    said("stop", "pool")
    assert "off" in said("list")
    said("start", "pool")
    missing = CliRunner().invoke(live, ["start", "nowhere"])
    assert missing.exit_code == 1
    assert "there is no source nowhere" in missing.output


@pytest.mark.parametrize(("speed", "says"), [(0.9, True), (1.0, False)])
def test_a_machine_that_falls_behind_says_so(world: World, *, speed: float, says: bool) -> None:
    source_id = added(world)
    on_air(source_id, world, speed=speed, sound=True)
    text = at_desk(world).get(URL).content.decode()
    assert ("does not keep up" in text) is says
