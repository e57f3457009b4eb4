from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from kotinos.kernel.models import OutboxEvent
from kotinos.kernel.money import Money
from kotinos.payments import api as payments
from kotinos.payments import sandbox, sandbox_wire
from kotinos.payments.contracts import (
    EVENT_CAPTURED,
    NoticeAccepted,
    NoticeKind,
    NoticeRefused,
    PaymentStatus,
)
from kotinos.payments.models import Capture, Notice, Refund, SandboxDelivery, SandboxEntry
from kotinos.payments.tests.builders import NOW, PRICE, intent, notice

pytestmark = pytest.mark.django_db


def _status(intent_id: object) -> PaymentStatus:
    payment = payments.payment(intent_id)  # type: ignore[arg-type]  # a UUID
    assert payment is not None
    return payment.status


def test_one_key_makes_one_intent() -> None:
    first, second = intent("form-1"), intent("form-1")
    assert first.id == second.id


def test_one_notice_id_has_one_outcome() -> None:
    asked = intent()
    word = notice(asked)
    first = payments.record_notice(word, provider="sandbox", now=NOW)
    again = payments.record_notice(word, provider="sandbox", now=NOW)
    assert isinstance(first, NoticeAccepted)
    assert not first.again
    assert again == replace(first, again=True)
    assert Capture.objects.count() == 1
    assert OutboxEvent.objects.filter(kind=EVENT_CAPTURED).count() == 1


def test_a_second_capture_under_another_notice_id_changes_nothing() -> None:
    asked = intent()
    for _ in range(2):
        payments.record_notice(notice(asked), provider="sandbox", now=NOW)
    assert (Notice.objects.count(), Capture.objects.count()) == (2, 1)


def test_a_decline_can_be_followed_by_a_capture_and_not_the_other_way() -> None:
    asked = intent()
    payments.record_notice(notice(asked, NoticeKind.DECLINED), provider="sandbox", now=NOW)
    assert _status(asked.id) is PaymentStatus.DECLINED
    payments.record_notice(notice(asked), provider="sandbox", now=NOW)
    payments.record_notice(notice(asked, NoticeKind.DECLINED), provider="sandbox", now=NOW)
    assert _status(asked.id) is PaymentStatus.CAPTURED


def test_a_notice_about_nothing_we_know_is_refused() -> None:
    stranger = replace(notice(intent()), intent_id=uuid4())
    refused = payments.record_notice(stranger, provider="sandbox", now=NOW)
    assert refused == NoticeRefused("unknown")
    other = payments.accept_notice(provider="nobody", body=b"", headers={}, now=NOW)
    assert other == NoticeRefused("unknown")


def test_another_amount_than_asked_is_never_taken_for_a_payment() -> None:
    asked = intent()
    payments.record_notice(notice(asked, amount=Money(1, "EUR")), provider="sandbox", now=NOW)
    assert _status(asked.id) is PaymentStatus.MISMATCHED


def _sent() -> tuple[bytes, dict[str, str]]:
    asked = intent()
    assert sandbox.charge(asked, late_seconds=0, copies=1, now=NOW)
    body = SandboxDelivery.objects.get().body.encode()
    return body, sandbox_wire.signed_headers(body, now=NOW)


def test_a_signed_notice_is_believed_and_its_replay_is_harmless() -> None:
    body, headers = _sent()
    first = payments.accept_notice(provider="sandbox", body=body, headers=headers, now=NOW)
    again = payments.accept_notice(provider="sandbox", body=body, headers=headers, now=NOW)
    assert isinstance(first, NoticeAccepted)
    assert first.status is PaymentStatus.CAPTURED
    assert isinstance(again, NoticeAccepted)
    assert again.again


def test_a_changed_notice_is_refused() -> None:
    body, headers = _sent()
    changed: tuple[tuple[bytes, dict[str, str], str], ...] = (
        (body.replace(b"4200", b"4201"), headers, "forged"),
        (body, {}, "forged"),
        (body + b" " * 5000, headers, "malformed"),
    )
    for text, said, why in changed:
        refused = payments.accept_notice(provider="sandbox", body=text, headers=said, now=NOW)
        assert refused == NoticeRefused(why)
    assert Capture.objects.count() == 0


def test_an_old_notice_is_expired() -> None:
    body, headers = _sent()
    later = NOW + timedelta(hours=1)
    refused = payments.accept_notice(provider="sandbox", body=body, headers=headers, now=later)
    assert refused == NoticeRefused("expired")


def test_signed_nonsense_is_malformed() -> None:
    for body in (b"{}", b"[]", b"\xff", b'{"id": 1}'):
        headers = sandbox_wire.signed_headers(body, now=NOW)
        refused = payments.accept_notice(provider="sandbox", body=body, headers=headers, now=NOW)
        assert refused == NoticeRefused("malformed")


def test_the_sandbox_captures_or_cancels_and_never_both() -> None:
    paid, dropped = intent(), intent()
    assert sandbox.charge(paid, late_seconds=0, copies=1, now=NOW)
    assert not payments.cancel(intent_id=paid.id, reason="too late", now=NOW)
    assert payments.cancel(intent_id=dropped.id, reason="too late", now=NOW)
    assert not sandbox.charge(dropped, late_seconds=0, copies=1, now=NOW)
    assert _status(dropped.id) is PaymentStatus.CANCELLED


def test_a_late_notice_leaves_late_and_a_lost_one_is_caught_up() -> None:
    asked = intent()
    sandbox.charge(asked, late_seconds=60, copies=1, now=NOW)
    door = payments.accept_notice
    assert payments.deliver_sandbox_notices(door=door, now=NOW) == 0
    assert _status(asked.id) is PaymentStatus.OPEN
    payments.catch_up(intent_id=asked.id, now=NOW)
    assert _status(asked.id) is PaymentStatus.CAPTURED
    later = NOW + timedelta(seconds=61)
    assert payments.deliver_sandbox_notices(door=door, now=later) == 1
    assert payments.deliver_sandbox_notices(door=door, now=later) == 0
    assert Capture.objects.count() == 1


def test_a_doubled_notice_captures_once() -> None:
    asked = intent()
    sandbox.charge(asked, late_seconds=0, copies=2, now=NOW)
    assert payments.deliver_sandbox_notices(door=payments.accept_notice, now=NOW) == 2
    assert (Notice.objects.count(), Capture.objects.count()) == (1, 1)


def test_a_refund_is_asked_once_and_carried_out_once() -> None:
    asked = intent()
    payments.record_notice(notice(asked), provider="sandbox", now=NOW)
    for _ in range(2):
        with transaction.atomic():
            amount = payments.request_refund(
                intent_id=asked.id, key="order:1", reason="sold out", now=NOW
            )
        assert amount == PRICE
    assert Refund.objects.count() == 1
    assert _status(asked.id) is PaymentStatus.REFUNDING
    assert payments.send_refunds(now=NOW) == 1
    assert payments.send_refunds(now=NOW) == 0
    assert _status(asked.id) is PaymentStatus.REFUNDED
    assert SandboxEntry.objects.filter(kind="refunded").count() == 1


def test_nothing_is_refunded_that_was_not_captured() -> None:
    asked = intent()
    with transaction.atomic():
        refused = payments.request_refund(intent_id=asked.id, key="k", reason="no", now=NOW)
    assert refused is None


def test_what_was_captured_by_mistake_goes_back_to_the_last_cent() -> None:
    asked = intent()
    payments.record_notice(notice(asked, amount=Money(9999, "EUR")), provider="sandbox", now=NOW)
    with transaction.atomic():
        amount = payments.request_refund(intent_id=asked.id, key="k", reason="wrong", now=NOW)
    assert amount == Money(9999, "EUR")
