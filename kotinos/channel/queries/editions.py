"""Editions of the channel."""

from __future__ import annotations

from kotinos.channel.models import Edition


def edition_for(*, language: str) -> Edition | None:
    """The edition that claims a language, else the default one; None before any exists."""
    found = Edition.objects.filter(languages__contains=[language]).order_by("code").first()
    return found or Edition.objects.filter(is_default=True).first()
