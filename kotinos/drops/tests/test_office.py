"""The pages of drops, as the people who use them see them."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kotinos.drops import api as drops
from kotinos.drops import models
from kotinos.drops.tests.desk import at_desk
from kotinos.drops.tests.stage import staged
from kotinos.kernel import changelog, clock

if TYPE_CHECKING:
    from django.test import Client

    from kotinos.drops.tests.world import World

PAGES = ("", "edit/", "publish/", "withdraw/", "cockpit/", "report/")


@pytest.fixture
def clerk(world: World) -> Client:
    return at_desk(world)


def form(world: World, **more: Any) -> dict[str, Any]:
    opens_at = world.now + timedelta(hours=1)
    return {
        "seller": "SHOP",
        "slug": "gold-jersey",
        "products": "jersey\npin",
        "opens_at": opens_at.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (opens_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "territory": "WORLD,-JP",
        "units_per_buyer": "2",
        "hold_seconds": "600",
        "guests_allowed": "on",
        "name_en": "The gold jersey",
        "name_ar": "القميص الذهبي",
        **more,
    }


def made(slug: str = "gold-jersey") -> drops.DropView:
    drop = drops.drop(slug)
    assert drop is not None
    return drop


def test_a_drop_is_written_checked_and_published(world: World, clerk: Client) -> None:
    answer = clerk.post("/office/drops/new/", form(world), follow=True)
    assert answer.redirect_chain == [("/office/drops/gold-jersey/", 302)]
    assert "The gold jersey" in answer.content.decode()
    page = clerk.get("/office/drops/gold-jersey/publish/").content.decode()
    assert "3 variants can be bought in the drop only" in page
    assert "58" in page  # 115 units, two for each buyer
    answer = clerk.post("/office/drops/gold-jersey/publish/", follow=True)
    assert "is announced" in answer.content.decode()
    assert made().state is drops.DropState.PUBLISHED
    assert made().name("ar") == "القميص الذهبي"
    listed = clerk.get("/office/drops/").content.decode()
    assert "Published" in listed
    assert "115" in listed


def test_what_stands_in_the_way_is_said_before_and_refused_then(
    world: World, clerk: Client
) -> None:
    answer = clerk.post("/office/drops/new/", form(world, products="cap"), follow=True)
    assert "Nothing of cap is free" in answer.content.decode()
    answer = clerk.post("/office/drops/gold-jersey/publish/")
    assert answer.status_code == 422
    assert made().state is drops.DropState.DRAFT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slug", "Gold jersey"),
        ("slug", "new"),
        ("opens_at", "soon"),
        ("opens_at", "0001-01-01T00:00"),
        ("closes_at", "9999-12-31T23:59"),
        ("products", ""),
        ("products", "\x00"),
        ("products", "nothing-like-this"),
        ("territory", "WORD"),
        ("territory", "WORLD" * 100),
        ("units_per_buyer", "-1"),
        ("units_per_buyer", "1e9"),
        ("hold_seconds", "∞"),
        ("name_en", ""),
        ("seller", "RIVAL"),
        ("seller", "'; --"),
    ],
)
def test_nonsense_comes_back_beside_its_field(
    world: World, clerk: Client, name: str, value: str
) -> None:
    answer = clerk.post("/office/drops/new/", form(world, **{name: value}))
    assert answer.status_code == 422
    assert "k-error" in answer.content.decode()
    assert drops.all_drops() == ()


def test_beside_the_form_stand_offers_and_a_map(clerk: Client) -> None:
    asked = {"seller": "SHOP", "products": "jersey\nnone", "territory": "KE,US"}
    page = clerk.get("/office/drops/beside/", asked).content.decode()
    assert "Not known:" in page
    assert "Every product in 1 territories" in page
    for wrong in ({}, {"seller": "RIVAL"}, {"seller": "SHOP", "opens_at": "x" * 500}):
        assert clerk.get("/office/drops/beside/", wrong).status_code == 200
    bad = clerk.get("/office/drops/beside/", asked | {"territory": "KX"}).content.decode()
    assert "names no territories" in bad


def test_products_are_found_by_what_people_call_them(clerk: Client) -> None:
    for text in ("Jersey", "jersey-m", "JERS"):
        page = clerk.get("/office/drops/search/", {"seller": "SHOP", "find": text})
        assert 'data-add="jersey"' in page.content.decode()
    for wrong in ({"seller": "SHOP", "find": "%"}, {"seller": "RIVAL", "find": "jersey"}, {}):
        assert "data-add" not in clerk.get("/office/drops/search/", wrong).content.decode()


def test_strangers_do_not_learn_that_a_drop_exists(world: World) -> None:
    staged(world, "jersey")
    stranger = at_desk(world, "catalogue", "RIVAL")
    for path in (*PAGES, "cockpit.json", "report.csv", "pull/", "rehearse/"):
        assert stranger.get(f"/office/drops/gold/{path}").status_code == 404, path
    assert "gold" not in stranger.get("/office/drops/").content.decode()


def test_who_only_looks_may_not_change(world: World) -> None:
    staged(world, "jersey")
    viewer = at_desk(world, "viewer")
    for path in ("", "cockpit/", "cockpit.json", "report/", "report.csv"):
        assert viewer.get(f"/office/drops/gold/{path}").status_code == 200, path
    for path in ("edit/", "publish/", "withdraw/", "pull/", "rehearse/"):
        assert viewer.post(f"/office/drops/gold/{path}").status_code == 404, path
    assert viewer.get("/office/drops/new/").status_code == 404
    assert "Pause" not in viewer.get("/office/drops/gold/cockpit/").content.decode()


def test_withdrawing_asks_for_the_name(world: World, clerk: Client) -> None:
    staged(world, "jersey")
    path = "/office/drops/gold/withdraw/"
    assert clerk.post(path, {"confirm": "silver", "withdraw": "1"}).status_code == 422
    assert made("gold").state is drops.DropState.PUBLISHED
    clerk.post(path, {"confirm": "gold", "reason": "Late", "withdraw": "1"})
    assert made("gold").state is drops.DropState.WITHDRAWN
    assert clerk.get(path).status_code == 302


def test_ending_leaves_the_page_of_the_drop(world: World, clerk: Client) -> None:
    staged(world, "jersey")
    clerk.post("/office/drops/gold/withdraw/", {"confirm": "gold", "end": "1"})
    assert made("gold").state is drops.DropState.ENDED


def test_a_published_drop_shuts_what_was_announced(world: World, clerk: Client) -> None:
    staged(world, "jersey", opens_in=timedelta(hours=2))
    page = clerk.get("/office/drops/gold/edit/").content.decode()
    assert page.count("disabled") >= 4
    typed = form(world, slug="other", units_per_buyer="5", products="jersey", territory="KE")
    typed["closes_at"] = (world.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = clerk.post("/office/drops/gold/edit/", typed)
    assert answer.status_code == 302, answer.content.decode()
    changed = made("gold")
    assert (changed.units_per_buyer, changed.opens_at) == (5, world.now + timedelta(hours=2))


def test_the_levers_move_the_line_and_are_written_down(world: World, clerk: Client) -> None:
    clerk.post("/office/drops/new/", form(world))
    clerk.post("/office/drops/gold-jersey/publish/")
    path = "/office/drops/gold-jersey/pull/"
    for lever in ("pause", "resume", "0.25", "0", "-1", "nan", ""):
        assert clerk.post(path, {"lever": lever}).status_code == 302
    state = clerk.get("/office/drops/gold-jersey/cockpit.json").json()
    assert state["room"]["slow_factor"] == 0.25
    assert not state["room"]["paused"]
    verbs = {line.verb for line in changelog.history(subject_kind="drop", subject="gold-jersey")}
    assert verbs >= {"pause line", "resume line", "slow line"}
    assert clerk.get(path).status_code == 405


def test_the_cockpit_counts_what_processes_saw(world: World, clerk: Client) -> None:
    drop = staged(world, "pin", opens_in=timedelta(minutes=-5))
    second = int(clock.now().timestamp()) - 10
    for process in (1, 2):
        models.Pulse.objects.create(
            drop_id=drop.id,
            second=second,
            process=process,
            arrivals=40,
            orders=3,
            refused={"sold-out": 2, "limit": 1},
            latency={"50": 5},
            units_free=0,
            units_held=7,
        )
    state = clerk.get("/office/drops/gold/cockpit.json").json()
    assert state["totals"]["arrivals"] == 80
    assert state["refused"] == {"sold-out": 4, "limit": 2}
    assert max(point["arrivals"] for point in state["series"]) == 40  # a second, of two
    assert state["series"][-1]["units_free"] == 0
    assert not state["sold_out"]  # the shelf says otherwise than the last pulse
    page = clerk.get("/office/drops/gold/cockpit/").content.decode()
    assert "sold-out" in page
    assert 'id="charts"' in page


def test_the_report_says_the_same_as_page_and_as_file(world: World, clerk: Client) -> None:
    drop = staged(world, "pin", opens_in=timedelta(minutes=-5))
    second = int(drop.opens_at.timestamp()) + 30
    models.Pulse.objects.create(
        drop_id=drop.id, second=second, process=1, arrivals=90, holds=9, orders=8,
        refused={"busy": 2}, latency={"40": 99, "60": 1}, units_free=0,
    )  # fmt: skip
    page = clerk.get("/office/drops/gold/report/").content.decode()
    assert "Counters equal ledgers" in page
    answer = clerk.get("/office/drops/gold/report.csv")
    rows = list(csv.reader(answer.content.decode().splitlines()))
    values = {(part, what): value for part, what, value in rows[1 : rows.index([])]}
    assert values["people", "joined the line"] == "90"
    assert values["units", "seconds until sold out"] == "30"
    assert values["refused", "busy"] == "2"
    assert values["proof", "units by which counters and ledgers differ"] == "0"
    assert rows[rows.index([]) + 1][0] == "utc"
    assert rows[-1][1] == "90"


def test_a_rehearsal_sells_from_shelves_of_its_own(world: World, clerk: Client) -> None:
    staged(world, "jersey", "pin", opens_in=timedelta(hours=1), states=())
    before = drops.free_units(made("gold").id)
    answer = clerk.post("/office/drops/gold/rehearse/", {"peak": 5, "seconds": 10, "units": 7})
    (copy,) = [each for each in drops.all_drops() if each.is_rehearsal]
    assert answer["Location"] == f"/office/drops/{copy.slug}/cockpit/"
    units = sorted(free for free, _held in drops.free_units(copy.id).values())
    assert units == [2, 2, 3]
    assert drops.free_units(made("gold").id) == before
    assert clerk.get(answer["Location"]).status_code == 200
    assert copy.slug in clerk.get("/office/drops/gold/").content.decode()
    assert (
        "Nothing was begun"
        in clerk.post(
            "/office/drops/gold/rehearse/", {"peak": 5, "seconds": 10, "units": 7}, follow=True
        ).content.decode()
    )
    for wrong in ({}, {"peak": "0"}, {"peak": "1e5", "seconds": "x", "units": ""}):
        assert clerk.post("/office/drops/gold/rehearse/", wrong).status_code == 302
