"""The collector of one process: a body becomes rows, the rows are on the disk, then it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from kotinos.insight.collect import messages
from kotinos.insight.collect.frames import Frame, Packed, pack
from kotinos.insight.collect.messages import MESSAGES_MAX, Apart, Batch, Message
from kotinos.insight.collect.pseudonyms import network_of, without_addresses
from kotinos.insight.collect.rows import Arrival, Unusable, columns_of, micros, refuses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.insight.collect.keys import Key
    from kotinos.insight.collect.log import SegmentLog

PAYLOAD_CHARACTERS_MAX = 2_000
ERRORS_TOLD_MAX = 100
_ESCAPED_AT = rb"\u0040"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as the door has it. `single`: the type its path says, empty for a batch."""

    body: bytes
    key: str
    single: str
    address: str
    agent: str
    received: int  # microseconds since 1970


@dataclass(frozen=True, slots=True)
class Problem:
    """A message that could not be taken, by its place in the batch."""

    index: int
    id: str
    reason: str


@dataclass(slots=True)
class Taken:
    """What is on the disk: `accepted` rows; `errors` are there as dead letters."""

    accepted: int = 0
    withheld: int = 0
    errors: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """No such key, or one that was revoked."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The body as a whole is nonsense; where the key was good, a dead letter keeps it."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooMany:
    """The key's limit is reached."""

    retry_seconds: int


Outcome = Taken | UnknownKey | Unreadable | TooMany


@dataclass(frozen=True, slots=True)
class Ready:
    """What a request came to, to be told once `packed` is on the disk."""

    outcome: Outcome
    packed: Packed | None = None


class Collector:
    """Keys, and the log they write to. `keys` is replaced as a whole when they were read again."""

    def __init__(self, log: SegmentLog) -> None:
        self._log = log
        self.keys: dict[str, Key] = {}

    def read(self, sent: Sent) -> Ready:
        """Take in what can be; whoever calls lets go of `sent` before waiting for the disk.

        A batch as objects is many times what is left of it. While several of them wait for the
        disk, the next finds no memory that is warm, and costs half as much again.
        """
        try:
            batch = _single(sent) if sent.single else _batch(sent.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return self._unreadable(sent, str(error))
        key = self.keys.get(sent.key or _key_of(batch))
        if key is None:
            return Ready(UnknownKey())
        if len(batch.batch) > MESSAGES_MAX:
            return self._unreadable(sent, f"more than {MESSAGES_MAX} messages at once")
        if not key.admits(len(batch.batch), at_s=sent.received / 1_000_000):
            return Ready(TooMany(max(1, len(batch.batch) // key.per_s_max)))
        taken = Taken()
        return Ready(taken, _packed(batch, _arrival(batch, sent, key), taken))

    async def keep(self, ready: Ready) -> Outcome:
        """The outcome, when all of it is on the disk; NoRoomError: nothing of it was taken."""
        if ready.packed is not None and ready.packed.rows:
            await self._log.append(ready.packed)
        return ready.outcome

    async def note(self, *, table: str, frame: tuple[str, str], rows: list[list[Any]]) -> None:
        """Rows that are ready for the log. `frame`: edition and organisation."""
        edition, organisation = frame
        columns = [list(column) for column in zip(*rows, strict=True)]
        whole = Frame(table, edition, organisation, table, rows[0][1], len(rows), columns)
        await self._log.append(pack(whole))

    def _unreadable(self, sent: Sent, reason: str) -> Ready:
        key = self.keys.get(sent.key)
        if key is None:
            return Ready(UnknownKey() if sent.key else Unreadable(reason))
        if not key.admits(1, at_s=sent.received / 1_000_000):
            return Ready(TooMany(1))
        row = _dead(sent.body, reason, sent.received)
        return Ready(Unreadable(reason), _frame("dead", key, sent.received, [row]))


def _batch(body: bytes) -> Batch | Apart:
    try:
        return messages.decode_batch(body)
    except msgspec.ValidationError:
        return messages.decode_apart(body)


def _single(sent: Sent) -> Batch | Apart:
    """A body that is one message: the path says its type."""
    named = messages.decode_named(sent.body)
    try:
        message = messages.decode_message(sent.body)
    except msgspec.ValidationError:
        return Apart(batch=[msgspec.Raw(sent.body)], writeKey=named.writeKey)
    message.type = sent.single
    return Batch(batch=[message], writeKey=_text(named.writeKey))


def _key_of(batch: Batch | Apart) -> str:
    return _text(batch.writeKey) or _text(batch.api_key)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _arrival(batch: Batch | Apart, sent: Sent, key: Key) -> Arrival:
    at = messages.instant(batch.sentAt or batch.sent_at)
    error = sent.received - micros(at) if at is not None else 0
    has_at = b"@" in sent.body or (b"\\" in sent.body and _ESCAPED_AT in sent.body)
    return Arrival(key, sent.received, error, network_of(sent.address), sent.agent, has_at)


def _packed(batch: Batch | Apart, arrival: Arrival, taken: Taken) -> Packed:
    """The frames of a batch: its rows, and dead letters for the rest."""
    sent: Sequence[Message | msgspec.Raw] = batch.batch
    if isinstance(batch, Batch):
        good = [each for each in batch.batch if each.context is None or not refuses(each.context)]
        taken.withheld = len(sent) - len(good)
        try:
            return _rows(good, arrival, taken)
        except Unusable:
            pass  # one by one tells which
    good, dead = _apart(sent, arrival, taken)
    rows = _rows(good, arrival, taken)
    if not dead:
        return rows
    letters = _frame("dead", arrival.key, arrival.received, dead)
    return Packed(rows.data + letters.data, rows.rows + letters.rows)


def _apart(
    sent: Sequence[Message | msgspec.Raw], arrival: Arrival, taken: Taken
) -> tuple[list[Message], list[list[Any]]]:
    """Those messages that can be rows, and a dead letter for each that cannot."""
    good, dead = [], []
    taken.withheld = 0
    for index, each in enumerate(sent):
        try:
            message = each if isinstance(each, Message) else messages.decode_message(each)
            if message.context is not None and refuses(message.context):
                taken.withheld += 1
                continue
            columns_of([message], arrival)
            good.append(message)
        except (Unusable, msgspec.ValidationError, OverflowError) as error:
            raw = bytes(each) if isinstance(each, msgspec.Raw) else msgspec.json.encode(each)
            dead.append(_dead(raw, str(error), arrival.received))
            if len(taken.errors) < ERRORS_TOLD_MAX:
                taken.errors.append(Problem(index, _id_of(raw), str(error)))
    return good, dead


def _rows(good: Sequence[Message], arrival: Arrival, taken: Taken) -> Packed:
    taken.accepted = len(good)
    if not good:
        return Packed(b"", 0)
    key, columns = arrival.key, columns_of(good, arrival)
    where = (key.edition, key.organisation, key.name, arrival.received)
    return pack(Frame("events", *where, len(good), columns))


def _frame(table: str, key: Key, received: int, rows: list[list[Any]]) -> Packed:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pack(Frame(table, key.edition, key.organisation, key.name, received, len(rows), columns))


def _id_of(raw: bytes) -> str:
    try:
        named = messages.decode_named(raw)
    except msgspec.ValidationError:
        return ""
    return (_text(named.messageId) or _text(named.uuid))[:200]


def _plain(raw: bytes) -> bytes:
    """The same JSON without escapes, which an address could hide behind; else as it is."""
    try:
        return msgspec.json.encode(msgspec.json.decode(raw))
    except (msgspec.DecodeError, UnicodeError, OverflowError, RecursionError):
        return raw.replace(_ESCAPED_AT, b"@")


def _dead(raw: bytes, reason: str, received: int) -> list[Any]:
    text = without_addresses(_plain(raw)[: PAYLOAD_CHARACTERS_MAX * 4]).decode("utf-8", "replace")
    return [uuid4().hex, received, "", reason[:500], text[:PAYLOAD_CHARACTERS_MAX]]
