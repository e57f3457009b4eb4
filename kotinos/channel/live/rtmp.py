"""RTMP as far as a server needs it to take one stream in (Adobe, RTMP specification 1.0, 2012).

ffmpeg's own listener takes any key, and waits for ever for whoever connects and says nothing;
so we speak the protocol, check the key, and hand the media on as FLV.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kotinos.channel.live import amf

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

VERSION, HANDSHAKE_BYTES = 3, 1536
CHUNK_SIZE, ABORT, ACKNOWLEDGED, WINDOW, BANDWIDTH = 1, 2, 3, 5, 6
AUDIO, VIDEO, DATA, COMMAND_3, COMMAND = 8, 9, 18, 17, 20
MESSAGE_BYTES_MAX = 4_000_000
LANES_MAX = 32
WINDOW_BYTES = 2_500_000
_EXTENDED = 0xFFFFFF
_CHUNK_BYTES = 128  # what both sides begin with; we never change ours
_HEAD_BYTES = (11, 7, 3, 0)
FLV_HEAD = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
_SET_FRAME = amf.write("@setDataFrame")


class RtmpError(Exception):
    """What came in is not RTMP, or more than any sender needs."""


@dataclass(frozen=True, slots=True)
class Message:
    kind: int
    timestamp_ms: int
    data: bytes


@dataclass(slots=True)
class _Lane:
    """A chunk stream: its messages share most of their heads."""

    timestamp: int = 0
    step: int = 0
    length: int = 0
    kind: int = 0
    extended: bool = False
    data: bytearray = field(default_factory=bytearray)


class Wire:
    """One connection, from the handshake on."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._lanes: dict[int, _Lane] = {}
        self._chunk_bytes = _CHUNK_BYTES
        self._received = 0
        self._told = 0

    async def shake_hands(self) -> None:
        """The simple handshake (section 5.2)."""
        first = await self._reader.readexactly(1 + HANDSHAKE_BYTES)
        if first[0] != VERSION:
            raise RtmpError("not RTMP")
        own = bytes(8) + os.urandom(HANDSHAKE_BYTES - 8)
        self._writer.write(bytes([VERSION]) + own + first[1:])
        await self._reader.readexactly(HANDSHAKE_BYTES)

    async def read(self) -> Message:
        """The next message that is not about the wire itself."""
        while True:
            message = await self._chunk()
            if message is None:
                continue
            if message.kind == CHUNK_SIZE and len(message.data) >= 4:  # noqa: PLR2004 - one number
                self._chunk_bytes = max(1, struct.unpack(">I", message.data[:4])[0] & 0x7FFFFFFF)
            elif message.kind in {AUDIO, VIDEO, DATA, COMMAND, COMMAND_3}:
                return message

    async def _chunk(self) -> Message | None:
        head = await self._number(1)
        form, number = head >> 6, head & 0x3F
        if number < 2:  # noqa: PLR2004 - section 5.3.1.1: more bytes follow
            more = await self._take(1 + number)
            number = 64 + int.from_bytes(more, "little")
        if number not in self._lanes and len(self._lanes) >= LANES_MAX:
            raise RtmpError("too many chunk streams")
        lane = self._lanes.setdefault(number, _Lane())
        await self._head(lane, form)
        return await self._content(lane)

    async def _head(self, lane: _Lane, form: int) -> None:
        head = await self._take(_HEAD_BYTES[form])
        if len(head) >= 3:  # noqa: PLR2004 - there is a time
            lane.step = int.from_bytes(head[:3], "big")
            lane.extended = lane.step == _EXTENDED
        if len(head) >= 7:  # noqa: PLR2004 - there are length and kind
            lane.length, lane.kind = int.from_bytes(head[3:6], "big"), head[6]
        if lane.length > MESSAGE_BYTES_MAX:
            raise RtmpError("too long a message")
        if lane.extended:
            time = await self._number(4)
            lane.step = time if form < 3 else lane.step  # noqa: PLR2004 - 3 repeats it
        if not lane.data:  # a message begins
            lane.timestamp = lane.step if form == 0 else lane.timestamp + lane.step
            lane.timestamp &= 0xFFFFFFFF
            lane.step = 0 if form == 0 else lane.step

    async def _content(self, lane: _Lane) -> Message | None:
        lane.data += await self._take(min(self._chunk_bytes, lane.length - len(lane.data)))
        if len(lane.data) < lane.length:
            return None
        message = Message(lane.kind, lane.timestamp, bytes(lane.data))
        lane.data.clear()
        return message

    async def _number(self, size: int) -> int:
        return int.from_bytes(await self._take(size), "big")

    async def _take(self, size: int) -> bytes:
        data = await self._reader.readexactly(size)
        self._received += size
        if self._received - self._told > WINDOW_BYTES // 2:
            self._told = self._received
            self.send(ACKNOWLEDGED, struct.pack(">I", self._received & 0xFFFFFFFF))
        return data

    def send(self, kind: int, data: bytes, *, stream: int = 0) -> None:
        """Write a message, in chunks of 128 bytes."""
        lane = 2 if kind < AUDIO else 3
        head = bytes([lane]) + bytes(3) + len(data).to_bytes(3, "big") + bytes([kind])
        parts = [data[at : at + _CHUNK_BYTES] for at in range(0, len(data), _CHUNK_BYTES)]
        joint = bytes([0xC0 | lane])
        self._writer.write(head + struct.pack("<I", stream) + joint.join(parts))

    def command(self, *values: Any, stream: int = 0) -> None:
        """Write a command."""
        self.send(COMMAND, amf.write(*values), stream=stream)


def command_of(message: Message) -> list[Any]:
    """The values of a command: its name, its number, an object, its arguments."""
    data = message.data[1:] if message.kind == COMMAND_3 else message.data
    try:
        return amf.read_all(data)
    except amf.AmfError as error:
        raise RtmpError(f"a command that cannot be read: {error}") from error


def flv_tag(message: Message) -> bytes:
    """A media message as FLV writes it (Adobe, Video File Format 10.1, annex E.4)."""
    data = message.data.removeprefix(_SET_FRAME) if message.kind == DATA else message.data
    time = message.timestamp_ms
    head = bytes([message.kind]) + len(data).to_bytes(3, "big")
    head += (time & 0xFFFFFF).to_bytes(3, "big") + bytes([time >> 24]) + bytes(3)
    return head + data + (len(data) + len(head)).to_bytes(4, "big")
