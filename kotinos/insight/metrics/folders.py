"""A lake in a folder, beside the installation's: what the generator and a hand-over write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def files_in(folder: Path, *, tables: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the files of a lake that lies in a folder, as the generator and hand-over write it."""
    return {
        name: sorted(str(path.absolute()) for path in Path(folder, name).rglob("*.parquet"))
        for name in tables
    }
