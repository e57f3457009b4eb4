"""What strangers carry for us: forged, expired, replayed or meant for something else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import requests

from kotinos.kernel import clock, tokens
from kotinos.kernel.ids import new_id
from kotinos.payments.decide import signature_text
from kotinos.payments.sandbox_wire import NOTICE_PURPOSE, SIGNATURE_HEADER
from tests.api.shopping import ADDRESS, Buyer, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site

HOUR = timedelta(hours=1)
NOTICES = "/payments/notices/sandbox"


def _signed(purpose: str, payload: dict[str, str], *, lives: timedelta = HOUR) -> str:
    """A token of the running site: it has the secret of the tests."""
    return tokens.sign(purpose=purpose, payload=payload, expires_at=clock.now() + lives)


def _spoilt(token: str) -> Iterator[str]:
    """The token with one thing changed, in many ways."""
    body, _, signature = token.partition(".")
    yield body
    yield f"{body}."
    yield f".{signature}"
    yield f"{body}.{signature[:-2]}AA"
    yield f"{body[:-2]}AA.{signature}"
    yield f"{body}.{signature}="
    yield f"{body}.{signature}.{signature}"
    yield token.swapcase()
    yield token + "A" * 5_000


def test_an_order_opens_by_its_own_link_only(site: Site) -> None:
    buyer = Buyer(site)
    _, path = buyer.order()
    head, token = path.rstrip("/").rsplit("/", 1)
    answer = buyer.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    wrong = [*_spoilt(token), _signed("orders.basket", {"order": str(new_id())})]
    wrong.append(_signed("orders.page", {"order": str(new_id())}))
    told = {buyer.get(f"{head}/{each}/").status_code for each in wrong}
    assert told == {404}
    assert buyer.post(f"{head}/{wrong[0]}/pay", {}).status_code == 404


def test_an_old_link_to_an_order_says_that_it_is_old(site: Site) -> None:
    order = {"order": str(site.rows("SELECT gen_random_uuid()")[0][0])}
    old = _signed("orders.page", order, lives=-HOUR)
    assert Buyer(site).get(f"/en-jp/order/{old}/").status_code == 410


def test_a_basket_belongs_to_whom_holds_its_cookie(site: Site) -> None:
    buyer = Buyer(site)
    buyer.add()
    assert buyer.units() == 1
    cookie = buyer.session.cookies["kotinos_basket"]
    assert cookie is not None
    basket = str(site.rows("SELECT id FROM orders_basket ORDER BY id DESC LIMIT 1")[0][0])
    old = _signed("orders.basket", {"basket": basket}, lives=-HOUR)
    other = _signed("orders.page", {"basket": basket})
    for wrong in (*_spoilt(cookie), old, other, basket):
        stranger = requests.get(
            site.base + "/fast/basket", headers={"Cookie": f"kotinos_basket={wrong}"}, timeout=20
        )
        assert stranger.json() == {"lines": 0, "units": 0}, wrong[:60]


def test_one_form_places_one_order_however_often_it_is_sent(site: Site) -> None:
    buyer = Buyer(site)
    buyer.add()
    quote = buyer.quote()
    first = _intent_of(buyer.place_order(quote))
    assert {_intent_of(buyer.place_order(quote)) for _ in range(3)} == {first}


def test_a_quote_of_somebody_else_or_of_yesterday_places_nothing(site: Site) -> None:
    rich, poor = Buyer(site), Buyer(site)
    rich.add()
    poor.add()
    for wrong in (rich.quote(), *_spoilt(poor.quote()), ""):
        answer = poor.post("/en-jp/checkout/", ADDRESS | {"quote": wrong})
        assert answer.status_code == 409, wrong[:60]
        assert value_of(answer.text, "name") == ADDRESS["name"]  # what was typed is kept


def _intent_of(paying: str) -> str:
    read = tokens.read(
        purpose="payments.sandbox.page", token=paying.rsplit("/", 1)[1], now=clock.now()
    )
    assert isinstance(read, tokens.Valid)
    return str(read.payload["intent"])


def test_a_payment_page_opens_by_its_own_link_only(site: Site) -> None:
    buyer = Buyer(site)
    buyer.add()
    token = buyer.place_order(buyer.quote()).rsplit("/", 1)[1]
    old = _signed("payments.sandbox.page", {"intent": str(new_id())}, lives=-HOUR)
    for wrong in (*_spoilt(token), old):
        assert buyer.post(f"/sandbox/pay/{wrong}", {"choice": "approve"}).status_code == 404


def _notice(site: Site, **changes: object) -> bytes:
    """A notice that the payment of the newest order was captured."""
    rows = site.rows(
        "SELECT id, amount_minor, currency FROM payments_intent ORDER BY created_at DESC LIMIT 1"
    )
    intent, minor, currency = rows[0]
    said = {
        "id": str(new_id()),
        "intent": str(intent),
        "kind": "captured",
        "minor": minor,
        "currency": currency,
        "occurred_at": clock.now().isoformat(),
    }
    return json.dumps(said | changes).encode()


def _send(site: Site, body: bytes, signature: str, **more: str) -> requests.Response:
    headers = {SIGNATURE_HEADER: signature, "Content-Type": "application/json"} | more
    return requests.post(site.base + NOTICES, data=body, headers=headers, timeout=20)


def _seal(body: bytes, *, age: timedelta = timedelta()) -> str:
    at_s = int((clock.now() - age).timestamp())
    seal = tokens.signature(NOTICE_PURPOSE, signature_text(at_s=at_s, body=body))
    return f"t={at_s},v1={seal}"


def test_nobody_but_the_provider_says_that_an_order_is_paid(site: Site) -> None:
    buyer = Buyer(site)
    buyer.add()
    buyer.place_order(buyer.quote())
    body = _notice(site)
    seal = _seal(body)
    for wrong in ("", "t=1,v1=00", seal[:-2] + "00", seal.replace("v1", "v0"), "t=9e99,v1=0"):
        assert _send(site, body, wrong).status_code in {400, 401}, wrong
    assert _send(site, body.replace(b"captured", b"refunded"), seal).status_code == 401
    assert _send(site, body, _seal(body, age=timedelta(days=2))).status_code == 400
    assert _captured(body, site) == 0


@pytest.mark.parametrize("copies", [2, 5])
def test_a_notice_that_comes_again_changes_nothing(site: Site, copies: int) -> None:
    buyer = Buyer(site)
    buyer.add()
    buyer.place_order(buyer.quote())
    body = _notice(site)
    answers = [_send(site, body, _seal(body)).json() for _ in range(copies)]
    assert [answer["again"] for answer in answers] == [False] + [True] * (copies - 1)
    assert _captured(body, site) == 1
    assert _send(site, _notice(site, minor=1), _seal(_notice(site))).status_code == 401


def _captured(body: bytes, site: Site) -> int:
    intent = UUID(json.loads(body)["intent"])
    query = (
        "SELECT count(*) FROM kernel_outbox"
        " WHERE kind = 'payments.captured' AND payload->>'intent' = %s"
    )
    return int(site.rows(query, str(intent))[0][0])


def test_a_refusal_is_counted_by_its_own_address_and_once(site: Site) -> None:
    buyer = Buyer(site)
    buyer.session.headers["User-Agent"] = f"Mozilla/5.0 {new_id()}"
    page = buyer.get("/en-jp/products/chn-home-jersey/").text
    beacon = page.split('src="/beacon/refusal?token=')[1].split('"')[0]
    before = site.rows("SELECT count(*) FROM rights_refusal")[0][0]
    for _ in range(3):
        assert buyer.get(f"/beacon/refusal?token={beacon}").status_code == 200
    assert site.rows("SELECT count(*) FROM rights_refusal")[0][0] == before + 1
    for wrong in _spoilt(beacon):
        assert buyer.get(f"/beacon/refusal?token={wrong}").status_code == 404
    old = _signed("catalog.refusal", {}, lives=-HOUR)
    assert buyer.get(f"/beacon/refusal?token={old}").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("Origin", "https://elsewhere.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
)
def test_a_form_on_another_site_fills_no_basket(site: Site, name: str, value: str) -> None:
    buyer = Buyer(site)
    answer = buyer.post("/en-jp/basket/add", {"variant": str(new_id())}, **{name: value})
    assert answer.status_code == 403
    assert "kotinos_basket" not in buyer.session.cookies
