"""What a browser carries of a room: its ticket and its admission. Shared by both lanes.

A cookie is bound to its room by its name, so that somebody may stand in several lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

LINE_SECONDS = 60 * 86_400


def line_cookie(room_id: UUID) -> str:
    """The name of the cookie that holds the ticket."""
    return f"kotinos_line_{room_id.hex[:8]}"


def pass_cookie(room_id: UUID) -> str:
    """The name of the cookie that holds the admission."""
    return f"kotinos_pass_{room_id.hex[:8]}"
