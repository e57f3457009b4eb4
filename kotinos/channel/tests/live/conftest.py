from __future__ import annotations

from kotinos.channel.tests.desk.conftest import committed_world, module_world, world

__all__ = ["committed_world", "module_world", "world"]
