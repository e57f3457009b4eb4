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

ORDERS = Table(
    "orders",
    "Orders confirmed and refunded, each state once: a refund does not undo its confirmation's row",
    ("orders.confirmed", "orders.refunded"),
    (
        *COMMON,  # `organisation`: the seller, where there is only one
        Column("order", "text", "Id of the order"),
        Column("state", "text", "confirmed or refunded"),
        Column("lines", "integer", "How many lines were sold; 0: it was never confirmed"),
        Column("units", "integer", "How many things were sold"),
        Column("minor", "integer", "Total with shipping and tax, in minor units of `currency`"),
        Column("currency", "text", "ISO 4217"),
    ),
)

PAYMENTS = Table(
    "payments",
    "What payment providers said of money, each thing once",
    ("payments.captured", "payments.declined", "payments.refunded"),
    (
        *COMMON,
        Column("reference", "text", "Id of the order it is for"),
        Column("intent", "text", "Id of the payment"),
        Column("state", "text", "captured, declined or refunded"),
        Column("minor", "integer", "Amount in minor units of `currency`"),
        Column("currency", "text", "ISO 4217"),
    ),
)

DROPS = Table(
    "drops",
    "What was done to drops: scheduled, changed, published, withdrawn, ended",
    ("drops.changed",),
    (
        *COMMON,
        Column("drop", "text", "Id of the drop"),
        Column("slug", "text", "Its name in addresses"),
        Column("verb", "text", "What was done"),
    ),
)

CHANNEL = Table(
    "channel",
    "What became ready, was published or withdrawn, and when live sources were on air",
    (
        "channel.package-ready",
        "channel.programme-published",
        "channel.programme-withdrawn",
        "channel.live-began",
        "channel.live-ended",
    ),
    (
        *COMMON,
        Column("what", "text", "The kind of event, without `channel.`"),
        Column("programme", "text", "Id of the programme"),
        Column("code", "text", "The programme's name in addresses, where the event says it"),
        Column("package", "text", "Id of the package that became ready"),
        Column("source", "text", "Code of the live source"),
        Column("session", "text", "Id of the run of the source's encoder"),
        _instant("effective_at", "From when on a programme is shown, or no longer"),
    ),
)

CHANGES = Table(
    "changes",
    "Changes of what is cleared where: of grants and their like, of the table of territories",
    ("rights.changed", "rights.exclusives_collide", "games.atlas_changed"),
    (
        *COMMON,
        Column("what", "text", "The kind of event"),
        Column("cause", "text", "The verb of the change"),
        Column("subject", "text", "Id or number of what was changed"),
        Column("works", "integer", "How many works were compiled again"),
        Column("grants", "text", "Ids of the grants it is about, with a space between them"),
    ),
)

FACTS = Table(
    "facts",
    "Events of kinds that have no table yet, and those whose payload is not what was agreed",
    ("any other event",),
    (
        *COMMON,
        Column("kind", "text", "The kind of event"),
        Column("payload", "text", "All that it says, as JSON", personal=True),
    ),
)

_FROM_OUTBOX = (SALES, REFUSALS, ORDERS, PAYMENTS, DROPS, CHANNEL, CHANGES, FACTS)
TABLES = {table.name: table for table in (EVENTS, WATCHING, DEAD, *_FROM_OUTBOX)}
