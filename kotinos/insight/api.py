"""The door of `insight` for entry points: the rich lane, the command line, the worker."""

from __future__ import annotations

from kotinos.insight.keys import page_key, prepare

__all__ = ["page_key", "prepare"]
