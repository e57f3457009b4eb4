"""Editions of the channel."""

from __future__ import annotations

from kotinos.channel.models import Edition


def edition_for(*, language: str) -> Edition | None:
    """The edition that claims a language, else the default one; None before any exists."""
    found = Edition.objects.filter(languages__contains=[language]).order_by("code").first()
    return found or Edition.objects.filter(is_default=True).first()


PAYMENT_METHODS = ("card", "alipay", "wechat-pay")


def payment_methods(*, language: str) -> tuple[str, ...]:
    """The ways to pay in the order that the language's edition wants, the others behind them."""
    edition = edition_for(language=language)
    wanted = edition.look.get("payments") or () if edition else ()
    first = [code for code in wanted if code in PAYMENT_METHODS]
    return tuple(dict.fromkeys([*first, *PAYMENT_METHODS]))
