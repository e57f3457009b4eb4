"""Statements of the kernel's own tables, for either lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from uuid import UUID

spend_token: Statement[UUID] = Statement.load(
    "kotinos.kernel", "spend_token.sql", lambda row: row["token_id"]
)
