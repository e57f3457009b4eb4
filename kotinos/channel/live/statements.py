"""The supervisor's SQL bound to readers; no Django."""

from __future__ import annotations

from kotinos.channel.live.terms import Source
from kotinos.kernel.statement import Statement

PACKAGE = "kotinos.channel"
read_enabled_sources: Statement[Source] = Statement.load(
    PACKAGE, "read_enabled_sources.sql", lambda row: Source(**row)
)
stop_leading: Statement[bool] = Statement.load(
    PACKAGE, "stop_leading.sql", lambda row: bool(row["led"])
)
