"""A collector of the same contract as ours, as FastAPI and pydantic make it.

Runs in an environment of its own (`bench.peers.collector` makes it), served by the same server
with the same options as we are. It does what ours does and leaves out what it can: keys come from
the environment instead of a database, and a segment is never sealed. The body is validated by
pydantic's own JSON reader, which is faster than the door FastAPI has for it; ids, networks and
agents are remembered as ours are.
"""

# ruff: noqa: N815 - the names are those of the wire
from __future__ import annotations

import asyncio
import base64
import os
import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4
from zlib import crc32

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel, Field, ValidationError

KEYS = {os.environ["COLLECTOR_KEY"]: b"a secret for benchmarks only"}
FOLDER = Path(os.environ["COLLECTOR_FOLDER"])
CLOCK_ERROR_MIN = timedelta(seconds=60)
AGE_MAX = timedelta(days=400)
PROPERTIES_BYTES_MAX = 16_384
BATCH_MAX = 2_500
NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "XAF", "XOF"})
PERSONAL = frozenset(
    {"email", "phone", "name", "first_name", "last_name", "address", "city", "postal_code", "age"}
    | {"gender", "birthday", "username", "avatar", "password", "token", "ip", "traits", "url"}
)
COLUMN_OF = {
    "territory": "territory",
    "noc": "noc",
    "work": "work",
    "via": "via",
    "product_id": "product",
    "grant": "grant",
    "subject": "subject",
    "order_id": "order",
}
MAIL = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.-]+")
BOT = re.compile(r"bot\b|bot/|crawl|spider|slurp|headless|preview|scrap|monitor", re.IGNORECASE)
PHONE = re.compile(r"iphone|android.*mobile|mobile", re.IGNORECASE)

Short = Annotated[str, Field(max_length=200)]


class Consent(BaseModel):
    categoryPreferences: dict[str, bool] = {}
    analytics: bool | None = None

    def refuses(self) -> bool:
        if self.analytics is not None:
            return not self.analytics
        return any(
            name.lower() == "analytics" and not yes
            for name, yes in self.categoryPreferences.items()
        )


class Page(BaseModel):
    path: str = ""
    url: str = ""
    referrer: str = ""


class Campaign(BaseModel):
    name: str = ""


class Context(BaseModel):
    ip: str = ""
    locale: str = ""
    userAgent: str = ""
    page: Page | None = None
    campaign: Campaign | None = None
    consent: Consent | None = None


class Message(BaseModel):
    type: Literal["track", "page", "screen", "identify", "group", "alias"]
    messageId: Short = ""
    anonymousId: Short | int | None = None
    userId: Short | int | None = None
    event: str = ""
    name: str = ""
    timestamp: datetime | None = None
    originalTimestamp: datetime | None = None
    sentAt: datetime | None = None
    context: Context = Context()
    properties: dict[str, Any] = {}


class Batch(BaseModel):
    batch: list[Message]
    writeKey: str = ""
    sentAt: datetime | None = None


class Apart(BaseModel):
    batch: list[Any]
    writeKey: str = ""
    sentAt: datetime | None = None


class Arrival(NamedTuple):
    received: datetime
    behind: timedelta
    host: str
    agent: str
    secret: bytes


class Log:
    """Group commit: whatever waits is one write and one fdatasync, in a thread."""

    def __init__(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.handle = os.open(FOLDER / "segment", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.thread = ThreadPoolExecutor(1)
        self.waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self.writer: asyncio.Task[None] | None = None

    async def append(self, payload: bytes) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        head = struct.pack("<II", len(payload), crc32(payload))
        self.waiting.append((head + payload, done))
        if self.writer is None:
            self.writer = asyncio.create_task(self.write())
        await done

    async def write(self) -> None:
        while self.waiting:
            group, self.waiting = self.waiting, []
            data = b"".join(frame for frame, _ in group)
            await asyncio.get_running_loop().run_in_executor(self.thread, self.commit, data)
            for _, done in group:
                done.set_result(None)
        self.writer = None

    def commit(self, data: bytes) -> None:
        os.write(self.handle, data)
        os.fdatasync(self.handle)


app = FastAPI()
log = Log()


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ok": True}


@app.post("/v1/batch")
async def collect(request: Request) -> ORJSONResponse:
    body = await request.body()
    try:
        batch: Batch | Apart = Batch.model_validate_json(body)
    except ValidationError:
        try:
            batch = Apart.model_validate_json(body)
        except ValidationError as error:
            return ORJSONResponse({"code": "unreadable", "message": str(error)}, 400)
    secret = KEYS.get(basic(request.headers.get("authorization", "")) or batch.writeKey)
    if secret is None:
        return ORJSONResponse({"code": "unknown-key"}, 401)
    if len(batch.batch) > BATCH_MAX:
        return ORJSONResponse({"code": "too-many"}, 400)
    return await keep(request, batch, secret)


async def keep(request: Request, batch: Batch | Apart, secret: bytes) -> ORJSONResponse:
    received = datetime.fromtimestamp(time.time(), timezone.utc)
    behind = received - batch.sentAt if batch.sentAt else timedelta()
    host = request.client.host if request.client else ""
    arrival = Arrival(received, behind, host, request.headers.get("user-agent", ""), secret)
    rows: list[dict[str, Any]] = []
    dead: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    withheld = 0
    for index, each in enumerate(batch.batch):
        try:
            message = each if isinstance(each, Message) else Message.model_validate(each)
            if message.context.consent is not None and message.context.consent.refuses():
                withheld += 1
            else:
                rows.append(row_of(message, arrival))
        except ValueError as error:  # pydantic's is one
            errors.append({"index": index, "reason": str(error)})
            dead.append({"id": uuid4().hex, "reason": str(error), "payload": str(each)[:2000]})
    if rows or dead:
        await log.append(orjson.dumps({"received": received, "rows": rows, "dead": dead}))
    if errors:
        return ORJSONResponse({"accepted": len(rows), "errors": errors, "withheld": withheld}, 400)
    return ORJSONResponse({"success": True, "withheld": withheld})


def row_of(message: Message, arrival: Arrival) -> dict[str, Any]:
    context = message.context
    row = dict.fromkeys(COLUMN_OF.values(), "")
    rest = {}
    for name, value in message.properties.items():
        if name in COLUMN_OF:
            row[COLUMN_OF[name]] = str(value)[:200]
        elif name not in PERSONAL:
            rest[name] = value
    text = orjson.dumps(rest) if rest else b""
    if len(text) > PROPERTIES_BYTES_MAX:
        raise ValueError("properties are too long")
    if b"@" in text:
        text = MAIL.sub(b"-", text)
    device = pseudonym(message.anonymousId, arrival.secret) if message.anonymousId else None
    if not message.userId and device is None:
        raise ValueError("neither userId nor anonymousId says whose it is")
    if message.type == "track" and not message.event:
        raise ValueError("the event has no name")
    page = context.page
    shape, is_bot = device_and_bot(context.userAgent or arrival.agent)
    return row | {
        "id": message.messageId or uuid4().hex,
        "occurred_at": occurred(message, arrival),
        "kind": message.type,
        "name": (message.event or message.name)[:200],
        "person": pseudonym(message.userId, arrival.secret) if message.userId else device,
        "visitor": device,
        "bot": is_bot,
        "device": shape,
        "language": context.locale[:32],
        "network": network(context.ip or arrival.host),
        "path": (page.path.partition("?")[0] or path_of(page.url))[:200] if page else "",
        "referrer": host_of(page.referrer)[:200] if page else "",
        "campaign": context.campaign.name[:200] if context.campaign else "",
        "units": rest.get("quantity"),
        **money(rest),
        "properties": text.decode(),
    }


def occurred(message: Message, arrival: Arrival) -> datetime:
    said = message.originalTimestamp or message.timestamp
    if said is None:
        return arrival.received
    if abs(arrival.behind) > CLOCK_ERROR_MIN:
        said += arrival.behind
    if said < arrival.received - AGE_MAX:
        raise ValueError("timestamp is more than 400 days ago")
    return min(arrival.received, said)


def money(rest: dict[str, Any]) -> dict[str, Any]:
    currency = rest.get("currency")
    if not isinstance(currency, str):
        return {"minor": None, "currency": ""}
    for name in ("total", "revenue", "value", "price"):
        amount = rest.get(name)
        if isinstance(amount, int | float):
            digits = 0 if currency in NO_DECIMALS else 2
            return {"minor": round(amount * 10**digits), "currency": currency.upper()}
    return {"minor": None, "currency": ""}


@lru_cache(maxsize=200_000)
def pseudonym(identity: str | int, secret: bytes) -> int:
    digest = blake2b(str(identity).encode(), key=secret, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@lru_cache(maxsize=8192)
def network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv4Address):
        return str(IPv4Address(int(found) & 0xFFFFFF00))
    return str(type(found)(int(found) >> 80 << 80))


@lru_cache(maxsize=8192)
def device_and_bot(agent: str) -> tuple[str, bool]:
    return "phone" if PHONE.search(agent) else "desktop", BOT.search(agent) is not None


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


@lru_cache(maxsize=4096)
def path_of(url: str) -> str:
    return urlsplit(url).path


def basic(header: str) -> str:
    if not header.lower().startswith("basic "):
        return ""
    try:
        return base64.b64decode(header[6:]).decode().partition(":")[0]
    except ValueError:
        return ""
