from __future__ import annotations

from datetime import timedelta

import pytest

from kotinos.kernel.money import Money
from kotinos.payments.contracts import NoticeRefused, PaymentStatus
from kotinos.payments.decide import Facts, check_signature, refundable_minor, signature_text, status
from kotinos.payments.tests.builders import NOW, PRICE


def _facts(
    captured: Money | None = None,
    *,
    declined: bool = False,
    cancelled: bool = False,
    requested: int = 0,
    settled: int = 0,
) -> Facts:
    return Facts(PRICE, captured, declined, cancelled, requested, settled)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (_facts(), PaymentStatus.OPEN),
        (_facts(declined=True), PaymentStatus.DECLINED),
        (_facts(cancelled=True, declined=True), PaymentStatus.CANCELLED),
        (_facts(PRICE, declined=True), PaymentStatus.CAPTURED),
        (_facts(PRICE, cancelled=True), PaymentStatus.CAPTURED),
        (_facts(Money(4199, "EUR")), PaymentStatus.MISMATCHED),
        (_facts(Money(4200, "USD")), PaymentStatus.MISMATCHED),
        (_facts(PRICE, requested=4200), PaymentStatus.REFUNDING),
        (_facts(PRICE, requested=4200, settled=4200), PaymentStatus.REFUNDED),
        (_facts(Money(1, "EUR"), requested=1, settled=1), PaymentStatus.REFUNDED),
    ],
)
def test_money_that_arrived_outweighs_every_other_row(
    facts: Facts, expected: PaymentStatus
) -> None:
    assert status(facts) is expected


def test_no_more_goes_back_than_arrived() -> None:
    assert refundable_minor(_facts()) == 0
    assert refundable_minor(_facts(PRICE)) == 4200
    assert refundable_minor(_facts(PRICE, requested=4200)) == 0


def _sign(text: bytes) -> str:
    return str(len(text)) + text.decode()


def _header(body: bytes, at_s: int) -> str:
    return f"t={at_s},v1={_sign(signature_text(at_s=at_s, body=body))}"


def test_a_fresh_signature_holds_and_an_old_one_is_expired() -> None:
    sent_s = int(NOW.timestamp())
    header = _header(b"body", sent_s)
    assert check_signature(header=header, body=b"body", now=NOW, sign=_sign) is None
    late = NOW + timedelta(seconds=301)
    expired = check_signature(header=header, body=b"body", now=late, sign=_sign)
    assert expired == NoticeRefused("expired")


@pytest.mark.parametrize(
    "header",
    ["", "t=,v1=", "t=1", "v1=x", "t=-1,v1=x", "t=९,v1=x", "t=1,v1=é", f"t={'9' * 40},v1=x", ",,,"],
)
def test_a_header_of_any_nonsense_is_forged(header: str) -> None:
    refused = check_signature(header=header, body=b"body", now=NOW, sign=_sign)
    assert refused == NoticeRefused("forged")


def test_a_changed_body_or_time_is_forged_even_when_it_is_old() -> None:
    header = _header(b"body", int(NOW.timestamp()))
    other = check_signature(header=header, body=b"b0dy", now=NOW + timedelta(1), sign=_sign)
    assert other == NoticeRefused("forged")
