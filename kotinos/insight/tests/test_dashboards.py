"""The dashboards as people use them: their own numbers, whatever the address says."""

from __future__ import annotations

import csv
import html
import io
import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

import pyarrow.parquet as pq
import pytest
from pyarrow import BufferReader

from kotinos.insight import results
from kotinos.insight.office import asking
from kotinos.insight.office.boards import BOARDS
from kotinos.insight.office.numbers import numbers_of
from kotinos.insight.tests import house as small
from kotinos.insight.tests.house import DAYS, EDITION, SECRET, SECRET_UNITS, House
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id
from kotinos.kernel.office import Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client

pytestmark = pytest.mark.django_db
BASE = "/office/insight"
NEWER_SECONDS_MAX = 20.0
CHARTS = [(board.name, chart.key) for board in BOARDS.values() for chart in board.charts]
PAGES = [
    *(f"{name}/{key}/" for name, key in CHARTS),
    *(f"{name}/{key}.csv" for name, key in CHARTS),
    *(f"{name}/{key}.parquet" for name, key in CHARTS),
    *(f"rows/{table}/" for table in ("events", "sales", "refusals", "watching", "dead")),
    *(f"{name}/" for name in BOARDS),
    *(f"{name}/numbers/" for name in BOARDS),
    "live/",
    "live.json",
]
TRICKS = (
    f"product={SECRET}",
    f"drop={SECRET}",
    f"reason={SECRET}",
    f"source={SECRET}",
    f"subject=v:{SECRET}",
    "organisation=all",
    "organisation=",
    "noc=KEN",
    "territory=JP",
    "view=print",
    "organisation=all&organisation=",
)


@pytest.fixture
def house(db: None) -> Iterator[House]:
    del db
    results.forget_results(EDITION)
    yield small.build()
    results.forget_results(EDITION)


@pytest.fixture
def ours(house: House) -> Client:
    return small.signed_in(small.person(house.shop, "catalogue"))


@pytest.fixture
def operator(house: House) -> Client:
    return small.signed_in(small.person(house.ioc, "operator"))


def body(client: Client, address: str) -> str:
    """What an address answers, as text; Parquet as its rows."""
    answer = client.get(f"{BASE}/{address}")
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    if address.partition("?")[0].endswith(".parquet"):
        return str(pq.read_table(BufferReader(answer.content)).to_pylist())
    return answer.content.decode()


def secrets(text: str) -> list[str]:
    """Where the rival's words and numbers stand, with what is around them.

    Ids and tokens are random: digits within a longer word are nobody's number.
    """
    found = re.finditer(rf"{SECRET}|(?<!\w)({SECRET_UNITS}|{SECRET_UNITS:,})(?!\w)", text)
    return [text[max(0, each.start() - 60) : each.end() + 60] for each in found]


def rows(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client, address))))


def test_no_page_and_no_export_shows_anothers_numbers(ours: Client, house: House) -> None:
    queries = (DAYS, f"{DAYS}&organisation={house.shop}", *(f"{DAYS}&{one}" for one in TRICKS))
    for number, page in enumerate(PAGES):
        for query in (queries[0], queries[1 + number % (len(queries) - 1)]):
            text = body(ours, f"{page}?{query}")
            # A filter's own text stands on the page that was asked for with it.
            shown = text.replace(f"={SECRET}", "").replace(f"v:{SECRET}", "")
            if SECRET in query:
                shown = shown.replace(SECRET, "")
            assert not secrets(shown), f"{page}?{query}"


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_opens_an_export(ours: Client, trick: str) -> None:
    for page in ("shop/days.csv", "shop/products.csv", "rights/reasons.csv", "drops/drops.csv"):
        found = rows(ours, f"{page}?{DAYS}&{trick}")
        assert not any(secrets(str(row)) for row in found), page


def test_what_is_out_of_date_is_asked_again_until_it_is_not(ours: Client, house: House) -> None:
    def asked(address: str) -> HttpResponse:
        return cast("HttpResponse", ours.get(address, headers={"hx-request": "true"}))

    chart = f"{BASE}/shop/products/?{DAYS}"
    assert "data-seen" not in asked(chart).content.decode(), "what was just counted is the newest"
    small.sell(house.shop, "scarf", day=small.FIRST_DAY, units=5)
    old = asked(chart).content.decode()
    assert "scarf" not in old
    again = re.search(r'data-seen hx-get="([^"]+)"', old)
    assert again, "a script may ask for a newer one"
    address = html.unescape(again[1])
    until = time.monotonic() + NEWER_SECONDS_MAX
    while (newer := asked(address)).status_code == HTTPStatus.NO_CONTENT:  # nothing newer yet
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
    assert "scarf" in newer.content.decode()


def test_large_numbers_that_are_being_counted_come_by_themselves(
    ours: Client, house: House
) -> None:
    who = Staff(new_id(), ((house.shop, "viewer"),))
    asked = asking.read(dict(parse_qsl(DAYS)), who=who, now=clock.now())
    waiting = numbers_of(BOARDS["shop"], asked, now=clock.now(), patience_s=0)
    assert not waiting.is_whole, "nobody has asked before"
    assert {number.texts[0] for number in waiting.every} == {"…"}
    found = body(ours, f"shop/numbers/?{DAYS}")
    assert "…" not in found
    assert "<b>6</b>" in found
    assert "aria-busy" not in found


def test_another_organisations_id_leads_nowhere(ours: Client, house: House) -> None:
    for page in PAGES:
        for stranger in (house.rival, house.ioc, "x", "00000000-0000-0000-0000-000000000000"):
            answer = ours.get(f"{BASE}/{page}?{DAYS}&organisation={stranger}")
            assert answer.status_code == 404, f"{page} {stranger}"


def test_an_operator_sees_all_and_each(operator: Client, house: House) -> None:
    everything = rows(operator, f"shop/days.csv?{DAYS}")
    assert [int(row["units"]) for row in everything] == [n + SECRET_UNITS for n in (1, 2, 3)]
    one = rows(operator, f"shop/days.csv?{DAYS}&organisation={house.shop}")
    assert [int(row["units"]) for row in one] == [1, 2, 3]
    assert "SHOP Ltd" in body(operator, f"shop/?{DAYS}&organisation={house.shop}")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=yesterday", 400),
        ("since=2030-07-19&until=soon", 400),
        ("since=2030-07-21&until=2030-07-19", 400),
        ("since=1000-01-01&until=1000-01-02", 400),
        ("since=2030-01-01&until=2032-01-01", 400),
        ("when=always", 400),
        ("noc=" + "K" * 500, 400),
        ("edition=ATLANTIS", 404),
        ("territory=ZZ", 404),
        ("territory=' OR 1=1 --", 404),
        ("noc=%00", 400),
    ],
)
def test_nonsense_is_answered_by_a_page(ours: Client, query: str, status: int) -> None:
    for page in ("shop/", "live/", "live.json", "shop/days/", "shop/days.csv", "rows/sales/"):
        assert ours.get(f"{BASE}/{page}?{query}").status_code == status, page


def test_what_is_not_there_is_not_found(ours: Client) -> None:
    for page in ("weather/", "shop/weather/", "shop/weather.csv", "rows/secrets/", "rows/facts/"):
        assert ours.get(f"{BASE}/{page}").status_code == 404


def test_a_stranger_is_led_to_the_door(client: Client, house: House) -> None:
    del house
    for page in PAGES:
        assert client.get(f"{BASE}/{page}").status_code == 302


def test_filters_narrow_and_lead_back(ours: Client, house: House) -> None:
    small.sell(house.shop, "pin", day=small.FIRST_DAY, units=9, territory="FR")
    france = rows(ours, f"shop/days.csv?{DAYS}&territory=FR")
    assert [row["units"] for row in france] == ["9"]
    pins = rows(ours, f"shop/products.csv?{DAYS}&product=pin")
    assert [row["product"] for row in pins] == ["pin"]
    page = body(ours, f"shop/products/?{DAYS}&territory=FR&product=pin")
    assert "take this filter away" in page
    assert f'href="{BASE}/shop/?' in page


def test_a_bar_leads_to_its_own_page(ours: Client) -> None:
    page = body(ours, f"shop/products/?{DAYS}")
    assert "product=jersey" in page
    assert "The jersey" in page
    assert f"{BASE}/rows/sales/?" in page


def test_a_metric_that_cannot_be_narrowed_says_so(ours: Client) -> None:
    assert "Not narrowed by: noc" in body(ours, f"shop/days/?{DAYS}&noc=KEN")


def test_csv_and_parquet_hold_the_same_rows(ours: Client) -> None:
    for name, key in CHARTS:
        as_csv = rows(ours, f"{name}/{key}.csv?{DAYS}")
        answer = ours.get(f"{BASE}/{name}/{key}.parquet?{DAYS}")
        table = pq.read_table(BufferReader(answer.content))
        assert len(as_csv) == table.num_rows, key
        if as_csv:
            assert list(as_csv[0]) == table.column_names
        assert b"metric" in table.schema.metadata


def test_a_text_from_outside_is_no_formula(ours: Client) -> None:
    (row,) = rows(ours, f"shop/products.csv?{DAYS}")
    assert row["title"] == "'=The jersey"


def test_the_rows_behind_show_nothing_personal(ours: Client) -> None:
    for table in ("events", "dead"):
        page = body(ours, f"rows/{table}/?{DAYS}")
        assert "jersey payload" not in page
        assert "jersey properties" not in page
        assert '<th scope="col" class="k-num">person</th>' not in page


def test_the_print_view_stands_alone_with_every_table_open(ours: Client) -> None:
    page = body(ours, f"shop/?{DAYS}&view=print")
    assert "nav-sidebar" not in page
    assert '<details class="i-table" open>' in page


def test_live_says_how_far_behind_it_is_and_the_ledger_to_operators(
    ours: Client, operator: Client
) -> None:
    found = operator.get(f"{BASE}/live.json").json()
    assert found["ledger"]["is_even"] is True
    assert len(found["minutes"]) == 60
    assert found["behind_s"] >= 0
    assert "ledger" not in ours.get(f"{BASE}/live.json").json()
