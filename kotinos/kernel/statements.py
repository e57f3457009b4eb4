"""Statements of the kernel's own tables, for either lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from uuid import UUID

take_turn: Statement[None] = Statement.load("kotinos.kernel", "take_turn.sql", lambda _: None)
try_lead: Statement[bool] = Statement.load(
    "kotinos.kernel", "try_lead.sql", lambda row: bool(row["leads"])
)
spend_token: Statement[UUID] = Statement.load(
    "kotinos.kernel", "spend_token.sql", lambda row: row["token_id"]
)
