"""Reads that stand on every list page: plain SQL, because building it anew costs more than it."""

from __future__ import annotations

from kotinos.games.contracts import Organisation, OrganisationKind
from kotinos.kernel.statement import Statement

PACKAGE = "kotinos.games"

organisations_by_id: Statement[Organisation] = Statement.load(
    PACKAGE,
    "organisations_by_id.sql",
    lambda row: Organisation(row["id"], row["code"], OrganisationKind(row["kind"]), row["name"]),
)
territory_bits: Statement[dict[str, int]] = Statement.load(
    PACKAGE,
    "territory_bits.sql",
    lambda row: dict(zip(row["codes"], row["bits"], strict=True)),
)
edition_names: Statement[tuple[str, str]] = Statement.load(
    PACKAGE, "edition_names.sql", lambda row: (row["code"], row["name"])
)
