"""Where the files of live sessions are written, and how they come into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel.contracts import INIT_FILE, SEGMENT_FILE
from kotinos.channel.live.encoding import RUNGS
from kotinos.channel.store import LIVE, store
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.store import Store


def live_folder(of: Store | None = None) -> Path:
    """Encoders write here: in the store where that is a folder, else on our disk until copied."""
    kept = (of or store()).local_path(LIVE)
    return kept if kept is not None else (environment().data / "channel" / LIVE).absolute()


def bring_to_store(*, session_id: UUID, numbers: Collection[int], to: Store) -> None:
    """Copy these segments where the store is elsewhere, and forget them here."""
    if to.local_path(LIVE) is not None:
        return
    folder = live_folder(to) / str(session_id)
    for rung in RUNGS:
        if 0 in numbers:
            init = (folder / rung / INIT_FILE).read_bytes()
            to.put_live(session_id, f"{rung}/{INIT_FILE}", init)
        for number in numbers:
            path = folder / rung / SEGMENT_FILE.format(number)
            if path.exists():  # else it was copied before the database went away
                to.put_live(session_id, f"{rung}/{path.name}", path.read_bytes())
                path.unlink()


def segment_key(session_id: UUID, rung: str, number: int) -> str:
    """The store's key of a segment."""
    return f"{LIVE}/{session_id}/{rung}/{SEGMENT_FILE.format(number)}"


def init_key(session_id: UUID, rung: str) -> str:
    """The store's key of an initialisation segment."""
    return f"{LIVE}/{session_id}/{rung}/{INIT_FILE}"
