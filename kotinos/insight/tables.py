"""The tables of the lake: their columns, each with its type, its sentence and whose it is.

Collector, compactor, metrics, generator, hand-over and data dictionary all read this one page. A
column is never renamed and never changes its type; new ones are added at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "flag", "instant", "day"]


@dataclass(frozen=True, slots=True)
class Column:
    """`personal`: it tells one person from another, and goes when that person is erased."""

    name: str
    kind: Kind
    sentence: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`source`: the kinds of outbox events whose rows these are, or what else writes them."""

    name: str
    sentence: str
    source: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _instant(name: str, sentence: str) -> Column:
    return Column(name, "instant", f"{sentence}, UTC, microseconds")


# Every table begins with these; `lake.schema` and the partitions of the lake rest on them.
COMMON = (
    Column("id", "text", "Id of the message or event: the same id is counted once"),
    Column("edition", "text", "Code of the edition of the Games"),
    Column("day", "day", "UTC day of `occurred_at`: the partition"),
    Column("organisation", "text", "Id of the organisation whose row it is; empty: the operator's"),
    _instant("occurred_at", "When it happened, corrected for a wrong clock"),
    _instant("received_at", "When Kotinos was told"),
    Column("territory", "text", "ISO alpha-2 or XK; empty where unknown"),
)

EVENTS = Table(
    "events",
    "What people did, as official SDKs and our own pages tell it; with consent only",
    ("collected",),
    (
        *COMMON,
        Column("source", "text", "Name of the write key it came by"),
        Column("kind", "text", "track, page, screen, identify, group or alias"),
        Column("name", "text", "The event's name, or the page's"),
        Column("person", "integer", "Pseudonym of the person, else of the device", personal=True),
        Column("visitor", "integer", "Pseudonym of the device's anonymous id", personal=True),
        Column("bot", "flag", "Whether the program that sent it says it is a robot"),
        Column("device", "text", "phone, tablet, desktop, tv, server or empty"),
        Column("language", "text", "Language tag as sent"),
        Column("network", "text", "The sender's network: IPv4 /24 or IPv6 /48", personal=True),
        Column("path", "text", "Path of the page, without its query"),
        Column("referrer", "text", "Host the person came from"),
        Column("campaign", "text", "Name of the campaign that led here"),
        Column("noc", "text", "Committee whose goods or athletes it is about"),
        Column("work", "text", "Id of the work it is about"),
        Column("product", "text", "Handle or id of the product"),
        Column("grant", "text", "Id of the grant that cleared it"),
        Column("order", "text", "Order it belongs to"),
        Column("subject", "text", "What was watched: v:<programme>, c:<channel> or l:<source>"),
        Column("via", "text", "What led to it, e.g. channel:<programme>:<cue>:<milliseconds>"),
        Column("units", "integer", "How many"),
        Column("minor", "integer", "Amount in minor units of `currency`"),
        Column("currency", "text", "ISO 4217"),
        Column(
            "properties", "text", "Everything else that was sent with it, as JSON", personal=True
        ),
    ),
)

SALES = Table(
    "sales",
    "Lines of confirmed orders; a refunded order's lines once more with negative numbers",
    ("orders.confirmed", "orders.refunded"),
    (
        *COMMON,
        Column("order", "text", "Id of the order"),
        Column("position", "integer", "Number of the line in its order, from 0"),
        Column("noc", "text", "Committee whose goods they are; empty: no team's"),
        Column("work", "text", "Id of the work"),
        Column("product", "text", "Handle of the product"),
        Column("sku", "text", "The variant's SKU"),
        Column("title", "text", "The product's title when it was sold"),
        Column("grant", "text", "Id of the grant that cleared the sale"),
        Column("via", "text", "What led to it, e.g. channel:<programme>:<cue>:<milliseconds>"),
        Column("drop", "text", "Slug of the drop it was sold in; empty: the shop"),
        Column("units", "integer", "How many; negative: given back"),
        Column("minor", "integer", "Price in minor units of `currency`; negative: given back"),
        Column("currency", "text", "ISO 4217"),
    ),
)

REFUSALS = Table(
    "refusals",
    "Denied demand: what somebody wanted and rights refused",
    ("rights.refused",),
    (
        *COMMON,
        Column("work", "text", "Id of the work"),
        Column("noc", "text", "Committee whose goods they are"),
        Column("property", "text", "Code of the property that was in the way"),
        Column("reason", "text", "Reason of the refusal, as in the reference of refusal reasons"),
        Column("blocking", "text", "Id of the fact that blocked it"),
        Column("bot", "flag", "Whether a robot asked"),
        Column("minor", "integer", "What it would have brought, in minor units of `currency`"),
        Column("currency", "text", "ISO 4217"),
    ),
)

WATCHING = Table(
    "watching",
    "Beats of players: anonymous, so they need no consent; a view is one playing of one thing",
    ("beats",),
    (
        *COMMON,
        Column("view", "text", "Random id of one playing, kept nowhere else"),
        Column("subject", "text", "v:<programme>, c:<channel> or l:<source>"),
        Column("kind", "text", "start, beat, seek, stall, rung or end"),
        Column("position_ms", "integer", "Where in the programme, milliseconds"),
        Column("seconds", "integer", "Watched since the last beat of this view"),
    ),
)

DEAD = Table(
    "dead",
    "Dead letters: what came with a good key and could not be understood, with the reason",
    ("collected",),
    (
        *COMMON,
        Column("source", "text", "Name of the write key it came by"),
        Column("reason", "text", "What is wrong with it"),
        Column("payload", "text", "The beginning of what was sent", personal=True),
    ),
)

TABLES = {table.name: table for table in (EVENTS, SALES, REFUSALS, WATCHING, DEAD)}
