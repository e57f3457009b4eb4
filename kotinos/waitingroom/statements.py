"""The SQL of the waiting room bound to readers, for either lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Statement
from kotinos.waitingroom.contracts import Room, Serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

PACKAGE = "kotinos.waitingroom"


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as the tables have it."""

    room: Room
    serving: Serving
    inside: int
    entered: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The number that stands for an account. Fresh: it was written just now."""

    joined_ms: int
    fresh: bool


def _serving(row: Mapping[str, Any]) -> Serving:
    moved_at = row["moved_at"]
    return Serving(
        drawn_upto=int(row["drawn_upto"]),
        arrived_upto_ms=row["arrived_upto_ms"],
        rate_per_s=row["rate_per_s"],
        slow_factor=row["slow_factor"],
        paused=row["paused_at"] is not None,
        moved_ms=0 if moved_at is None else int(moved_at.timestamp() * 1000),
        units_free=row["units_free"],
    )


def _room(row: Mapping[str, Any]) -> RoomRow:
    room = Room(
        id=row["id"],
        code=row["code"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        seed=bytes(row["seed"]),
        admission_seconds=row["admission_seconds"],
        guests_allowed=row["guests_allowed"],
        guest_bits=row["guest_bits"],
        rate_max_per_s=row["rate_max_per_s"],
    )
    return RoomRow(room, _serving(row), row["inside"], row["entered"])


def _tally(row: Mapping[str, Any]) -> tuple[UUID, int, int]:
    return row["room_id"], row["second"], row["joins"]


def _sketch(row: Mapping[str, Any]) -> tuple[UUID, str, bytes]:
    return row["room_id"], row["part"], bytes(row["body"])


def _body(row: Mapping[str, Any]) -> bytes:
    return bytes(row["body"])


def _kept(row: Mapping[str, Any]) -> tuple[int, Kept]:
    return row["position"], Kept(row["joined_ms"], row["fresh"])


def _nothing(_row: Mapping[str, Any]) -> None:
    return None


read_rooms: Statement[RoomRow] = Statement.load(PACKAGE, "read_rooms.sql", _room)
read_tallies: Statement[tuple[UUID, int, int]] = Statement.load(PACKAGE, "read_tallies.sql", _tally)
read_sketches: Statement[tuple[UUID, str, bytes]] = Statement.load(
    PACKAGE, "read_sketches.sql", _sketch
)
add_joins: Statement[None] = Statement.load(PACKAGE, "add_joins.sql", _nothing)
keep_first: Statement[tuple[int, Kept]] = Statement.load(PACKAGE, "keep_first.sql", _kept)
enter: Statement[None] = Statement.load(PACKAGE, "enter.sql", _nothing)
mark_done: Statement[None] = Statement.load(PACKAGE, "mark_done.sql", _nothing)
lock_sketch: Statement[bytes] = Statement.load(PACKAGE, "lock_sketch.sql", _body)
write_sketch: Statement[None] = Statement.load(PACKAGE, "write_sketch.sql", _nothing)
move_serving: Statement[Serving] = Statement.load(PACKAGE, "move_serving.sql", _serving)
