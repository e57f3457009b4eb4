"""The door of an RTMP source: who has the key may send, one at a time, and nobody may dawdle."""

from __future__ import annotations

import asyncio
import hmac
import logging
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kotinos.channel.live import rtmp

if TYPE_CHECKING:
    from collections.abc import Sequence

APP = "live"
GREETING_SECONDS_MAX = 5.0
SILENCE_SECONDS_MAX = 4.0
WAITING_MAX = 16
_TROUBLES = (OSError, EOFError, TimeoutError, asyncio.TimeoutError, rtmp.RtmpError)
_log = logging.getLogger("kotinos.channel.live")


class Sender:
    """A connection that gave the right key; its media has not been read yet."""

    def __init__(self, wire: rtmp.Wire, writer: asyncio.StreamWriter) -> None:
        self._wire = wire
        self._writer = writer
        self.over = asyncio.Event()

    async def pump(self, sink: asyncio.StreamWriter) -> None:
        """Hand the media on as FLV until either side ends."""
        with suppress(*_TROUBLES):
            sink.write(rtmp.FLV_HEAD)
            while True:
                message = await asyncio.wait_for(self._wire.read(), SILENCE_SECONDS_MAX)
                if message.kind in {rtmp.AUDIO, rtmp.VIDEO, rtmp.DATA}:
                    sink.write(rtmp.flv_tag(message))
                    await sink.drain()
                elif _verb(rtmp.command_of(message)) in {"FCUnpublish", "deleteStream"}:
                    break
        with suppress(*_TROUBLES):
            sink.close()
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.over.set()
        self._writer.close()


class Gate:
    """Listens on the source's port for as long as it is open."""

    def __init__(self, *, host: str, port: int, key: str) -> None:
        self._host, self.port, self._key = host, port, key
        self._server: asyncio.Server | None = None
        self._senders: asyncio.Queue[Sender] = asyncio.Queue(1)
        self._is_taken = True  # until somebody asks for the next one
        self._waiting = 0

    async def open(self) -> None:
        """Listen; OSError where the port is taken."""
        self._server = await asyncio.start_server(self._greet, self._host, self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            with suppress(*_TROUBLES):
                await asyncio.wait_for(self._server.wait_closed(), 1)

    async def next_sender(self) -> Sender:
        """The next one with the key; until it is over, everybody else is refused."""
        self._is_taken = False
        return await self._senders.get()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._waiting >= WAITING_MAX:
            writer.close()
            return
        self._waiting += 1
        sender = None
        try:
            sender = await asyncio.wait_for(self._admit(reader, writer), GREETING_SECONDS_MAX)
        except _TROUBLES as error:
            _log.info("a sender at port %d was turned away: %r", self.port, error)
        finally:
            self._waiting -= 1
            if sender is None:
                writer.close()
        if sender is not None:
            await sender.over.wait()

    async def _admit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Sender | None:
        wire, app = rtmp.Wire(reader, writer), ""
        await wire.shake_hands()
        while True:
            message = await wire.read()
            if message.kind not in {rtmp.COMMAND, rtmp.COMMAND_3}:
                continue
            words = rtmp.command_of(message)
            if _verb(words) == "connect":
                app = _app(words)
            if _verb(words) == "publish":
                return await self._decide(wire, writer, app, words)
            _answer(wire, words)
            await writer.drain()

    async def _decide(
        self, wire: rtmp.Wire, writer: asyncio.StreamWriter, app: str, words: Sequence[Any]
    ) -> Sender | None:
        """Take the sender in, or say why not. Nothing is awaited between look and leap."""
        if not (app == APP and self._fits(words)):
            await _refuse(wire, writer, "There is no such stream.")
            return None
        if self._is_taken:
            await _refuse(wire, writer, "Somebody else is sending.")
            return None
        self._is_taken = True
        _status(wire, "status", "NetStream.Publish.Start", "Go on.")
        sender = Sender(wire, writer)
        self._senders.put_nowait(sender)
        return sender

    def _fits(self, words: Sequence[Any]) -> bool:
        name = words[3] if len(words) > 3 else ""  # noqa: PLR2004 - publish's first argument
        given = str(name).partition("?")[0]
        return hmac.compare_digest(given.encode(), self._key.encode())


def _verb(words: Sequence[Any]) -> str:
    return words[0] if words and isinstance(words[0], str) else ""


def _app(words: Sequence[Any]) -> str:
    about = words[2] if len(words) > 2 and isinstance(words[2], dict) else {}  # noqa: PLR2004
    return str(about.get("app", "")).strip("/")


def _answer(wire: rtmp.Wire, words: Sequence[Any]) -> None:
    number = words[1] if len(words) > 1 and isinstance(words[1], float) else 0.0
    if _verb(words) == "connect":
        wire.send(rtmp.WINDOW, struct.pack(">I", rtmp.WINDOW_BYTES))
        wire.send(rtmp.BANDWIDTH, struct.pack(">IB", rtmp.WINDOW_BYTES, 2))
        said = {"level": "status", "code": "NetConnection.Connect.Success", "description": "Hello"}
        wire.command("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0}, said)
    elif _verb(words) == "createStream":
        wire.command("_result", number, None, 1.0)
    elif number:
        wire.command("_result", number, None, None)


def _status(wire: rtmp.Wire, level: str, code: str, text: str) -> None:
    said = {"level": level, "code": code, "description": text}
    wire.command("onStatus", 0.0, None, said, stream=1)


async def _refuse(wire: rtmp.Wire, writer: asyncio.StreamWriter, text: str) -> None:
    _status(wire, "error", "NetStream.Publish.BadName", text)
    await writer.drain()
