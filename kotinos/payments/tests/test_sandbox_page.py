from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.channel import api as channel
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import LANGUAGES
from kotinos.payments import api as payments
from kotinos.payments import sandbox, sandbox_wire
from kotinos.payments.contracts import PaymentStatus
from kotinos.payments.models import SandboxDelivery
from kotinos.payments.tests.builders import intent
from kotinos.payments.wording import words

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("kotinos.payments.tests.urls_for_tests")]


def _address() -> tuple[str, UUID]:
    asked = intent()
    return payments.page_url(intent_id=asked.id, now=clock.now()) or "", asked.id


def _status(intent_id: UUID) -> PaymentStatus:
    payment = payments.payment(intent_id)
    assert payment is not None
    return payment.status


@pytest.mark.parametrize("choice", ["approve", "doubled"])
def test_approving_pays_at_once_and_leads_back(client: Client, choice: str) -> None:
    url, intent_id = _address()
    assert "42" in client.get(url).content.decode()
    answer = client.post(url, {"choice": choice})
    assert (answer.status_code, answer["Location"]) == (302, "/en-jp/order/x/")
    assert _status(intent_id) is PaymentStatus.CAPTURED
    assert "already been made" in client.get(url).content.decode()


def test_declining_leaves_the_payment_open_for_another_try(client: Client) -> None:
    url, intent_id = _address()
    client.post(url, {"choice": "decline"})
    assert _status(intent_id) is PaymentStatus.DECLINED
    client.post(url, {"choice": "approve"})
    assert _status(intent_id) is PaymentStatus.CAPTURED


def test_the_challenge_asks_for_its_code_and_takes_no_other(client: Client) -> None:
    url, intent_id = _address()
    assert 'name="code"' in client.post(url, {"choice": "challenge"}).content.decode()
    assert client.post(url, {"code": "1234"}).status_code == 422
    assert _status(intent_id) is PaymentStatus.OPEN
    client.post(url, {"code": "2030"})
    assert _status(intent_id) is PaymentStatus.CAPTURED


def test_a_late_approval_is_charged_and_tells_the_shop_later(client: Client) -> None:
    url, intent_id = _address()
    client.post(url, {"choice": "late", "late_seconds": "30"})
    assert _status(intent_id) is PaymentStatus.OPEN
    assert SandboxDelivery.objects.get().due_at > clock.now() + timedelta(seconds=20)


@pytest.mark.parametrize("form", [{}, {"choice": "steal"}, {"choice": "late", "late_seconds": "٣"}])
def test_nonsense_in_the_form_breaks_nothing(client: Client, form: dict[str, str]) -> None:
    url, _ = _address()
    assert client.post(url, form).status_code in {302, 422}


def test_a_forged_or_old_link_pays_nothing(client: Client) -> None:
    url, _ = _address()
    assert client.get(url[:-2]).status_code == 404
    assert client.get("/sandbox/pay/x").status_code == 404
    asked = intent()
    old = payments.page_url(intent_id=asked.id, now=clock.now() - timedelta(days=2)) or ""
    assert client.post(old, {"choice": "approve"}).status_code == 404
    assert _status(asked.id) is PaymentStatus.OPEN


def test_a_cancelled_payment_says_so_and_takes_nothing(client: Client) -> None:
    url, intent_id = _address()
    payments.cancel(intent_id=intent_id, reason="late", now=clock.now())
    assert "cancelled" in client.post(url, {"choice": "approve"}).content.decode()
    assert _status(intent_id) is PaymentStatus.CANCELLED


def test_the_notice_door_answers_a_provider(client: Client) -> None:
    asked = intent()
    sandbox.charge(asked, late_seconds=0, copies=1, now=clock.now())
    body = SandboxDelivery.objects.get().body.encode()
    signed = sandbox_wire.signed_headers(body, now=clock.now())[sandbox_wire.SIGNATURE_HEADER]
    door, kind = "/payments/notices/sandbox", "application/json"
    forged = client.post(door, body, kind, headers={"Kotinos-Signature": signed[:-1]})
    assert forged.status_code == 401
    for again in (False, True):
        answer = client.post(door, body, kind, headers={"Kotinos-Signature": signed})
        assert answer.json() == {"recorded": True, "again": again}
    assert client.post("/payments/notices/nobody", body, kind).status_code == 404
    assert client.get(door).status_code == 405


def test_every_sentence_stands_in_every_language() -> None:
    missing = [
        (key, language)
        for key, texts in words().items()
        for language in LANGUAGES
        if not texts[language].strip()
    ]
    assert missing == []


def test_the_ways_to_pay_stand_in_the_order_of_the_buyers_edition(client: Client) -> None:
    kind = games.OrganisationKind.BROADCASTER
    caster = games.ensure_organisation(code="ZHCAST", kind=kind, name="Lantern")
    channel.put_edition(
        code="zh",
        names={"en": "China"},
        languages=["en"],
        licensee_id=caster,
        home_territory="CN",
        look={"payments": ["alipay", "wechat-pay"]},
    )
    url, _ = _address()
    page = client.get(url).content.decode()
    found = re.findall(r'name="method" value="([a-z-]+)"( checked)?', page)
    assert found == [("alipay", " checked"), ("wechat-pay", ""), ("card", "")]
