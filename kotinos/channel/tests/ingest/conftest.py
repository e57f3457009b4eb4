from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kotinos.channel.tests.clips import make_clip

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds at 29.97 pictures a second, with a tone."""
    return make_clip(tmp_path_factory.mktemp("clip"), rate="30000/1001")
