"""The door of `insight` for entry points: the rich lane, the command line, the worker."""

from __future__ import annotations

from kotinos.insight.history import has_history, invent
from kotinos.insight.keys import page_key, prepare

__all__ = ["has_history", "invent", "page_key", "prepare"]
