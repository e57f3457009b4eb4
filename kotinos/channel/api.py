"""The front door of `channel` for the rich lane; keyword-only, outcomes are values."""

from __future__ import annotations

from kotinos.channel.queries.editions import edition_for

__all__ = ["edition_for"]
