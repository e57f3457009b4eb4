"""Resumable uploads, as tus clients send them: through cuts, lies and rivals."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection

from config.settings import DATABASE_URL
from kotinos.channel.models import Job, JobNote, Programme, Upload
from kotinos.channel.uploads import sign_pass
from kotinos.fastlane import uploads as doors
from kotinos.fastlane.uploads import PREFIX, UploadDoors
from kotinos.games import api as games
from kotinos.kernel import clock, fast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)
BODY = bytes(range(256)) * 10_000
CUT = object()


@dataclass
class Told:
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""

    @property
    def offset(self) -> int:
        return int(self.headers[b"upload-offset"])


class Client:
    """Sends one request after the other to the doors, body in pieces."""

    def __init__(self, app: UploadDoors, token: str) -> None:
        self.app = app
        self.token = token

    async def ask(
        self, method: str, path: str = PREFIX, pieces: tuple[Any, ...] = (), **headers: str
    ) -> Told:
        given = {"tus-resumable": "1.0.0", "kotinos-upload": self.token}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "method": method,
            "path": path,
            "headers": [(n.encode(), v.encode()) for n, v in given.items() if v],
        }
        told, waiting = Told(), list(pieces)

        async def receive() -> dict[str, Any]:
            piece = waiting.pop(0) if waiting else b""
            if piece is CUT:
                return {"type": "http.disconnect"}
            if piece is None:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.status, told.headers = message["status"], dict(message["headers"])
            else:
                told.body += message["body"]

        await self.app(scope, receive, send)
        return told

    async def create(self, size: int, **headers: Any) -> Told:
        name = base64.b64encode(b"../../etc/film.mp4").decode()
        given: dict[str, Any] = {
            "upload_length": str(size),
            "upload_metadata": f"filename {name},x",
        }
        return await self.ask("POST", **(given | headers))

    async def send(self, place: str, offset: int, *pieces: Any, **headers: str) -> Told:
        given = {"content_type": "application/offset+octet-stream", "upload_offset": str(offset)}
        return await self.ask("PATCH", place, pieces, **(given | headers))


def programme() -> UUID:
    kind = games.OrganisationKind.LICENSEE
    owner = games.ensure_organisation(code="CAST", kind=kind, name="Cast")
    titles = {"en": "Swim"}
    return Programme.objects.create(
        code=f"p-{uuid4()}", kind="lesson", titles=titles, organisation_id=owner,
        created_at=clock.now(),
    ).id  # fmt: skip


def play(
    folder: Path, story: Callable[[Client], Awaitable[None]], *, for_: UUID | None = None
) -> None:
    token = sign_pass(programme_id=for_ or programme(), person_id=None, now=clock.now())
    name = connection.settings_dict["NAME"]

    async def go() -> None:
        async with fast.pool(DATABASE_URL.replace("/kotinos?", f"/{name}?"), size=3) as pool:
            await story(Client(UploadDoors(pool, folder, idle_seconds_max=0.3), token))

    asyncio.run(go())


def place(told: Told) -> str:
    assert told.status == 201, told
    assert b"upload-expires" in told.headers
    return told.headers[b"location"].decode()


def test_a_file_arrives_in_pieces_and_a_job_waits(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        assert (await client.ask("HEAD", at)).offset == 0
        first = await client.send(at, 0, BODY[:1000], BODY[1000:5000])
        assert (first.status, first.offset) == (204, 5000)
        assert (await client.ask("HEAD", at)).offset == 5000
        last = await client.send(at, 5000, BODY[5000:])
        assert (last.status, last.offset) == (204, len(BODY))
        assert (await client.send(at, len(BODY), b"")).status == 409
        assert (await client.ask("DELETE", at)).status == 404

    play(tmp_path, story)
    upload = Upload.objects.get()
    assert (tmp_path / str(upload.id)).read_bytes() == BODY
    assert (upload.name, upload.finished_at is not None) == ("film.mp4", True)
    job = Job.objects.get()
    assert (job.upload_id, job.programme_id) == (upload.id, upload.programme_id)
    assert JobNote.objects.filter(job=job).count() == 1


def test_a_line_that_breaks_or_falls_silent_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "BUFFER_BYTES", 1000)

    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        await client.send(at, 0, BODY[:1500], CUT)
        assert (await client.ask("HEAD", at)).offset == 1500
        assert (await client.send(at, 1500, BODY[1500:4000], None)).status == 408
        assert (await client.ask("HEAD", at)).offset == 4000
        with (tmp_path / at.rpartition("/")[2]).open("ab") as file:
            file.write(b"never acknowledged")
        assert (await client.send(at, 4000, BODY[4000:])).status == 204

    play(tmp_path, story)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == BODY


def test_two_senders_of_one_file_take_turns(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        slow = asyncio.create_task(client.send(at, 0, BODY[:1000], None))
        await asyncio.sleep(0.1)
        assert (await client.send(at, 0, BODY)).status == 423
        assert (await slow).status == 408
        assert (await client.send(at, 0, BODY)).status == 409
        assert (await client.send(at, 1000, BODY[1000:])).status == 204

    play(tmp_path, story)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == BODY


def test_a_checksum_is_kept_or_the_piece_is_not(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        good = base64.b64encode(hashlib.sha1(BODY[:9000]).digest()).decode()  # noqa: S324 - tus
        sent = await client.send(at, 0, BODY[:8999], b"?", upload_checksum=f"sha1 {good}")
        assert (sent.status, (await client.ask("HEAD", at)).offset) == (460, 0)
        sent = await client.send(at, 0, BODY[:9000], upload_checksum=f"sha1 {good}")
        assert (sent.status, sent.offset) == (204, 9000)
        assert (await client.send(at, 9000, b"x", upload_checksum="crc32 AAAA")).status == 400

    play(tmp_path, story)


def test_what_is_not_tus_or_not_allowed_is_refused_before_its_body(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        refused = {
            412: await client.ask("HEAD", at, tus_resumable="0.2"),
            403: await client.ask("HEAD", at, kotinos_upload="x.y"),
            404: await client.ask("HEAD", f"{PREFIX}/../../etc/passwd"),
            400: await client.create(0),
            413: await client.create(10**12),
            415: await client.send(at, 0, BODY, content_type="text/plain"),
            409: await client.send(at, 7, BODY),
            405: await client.ask("PUT", at),
        }
        assert {told.status for told in refused.values()} == set(refused)
        assert (await client.send(at, 0, BODY, b"more")).status == 413
        assert (await client.send(at, 0, BODY, content_length=str(10**9))).status in {409, 413}
        assert (await client.ask("OPTIONS", tus_resumable="")).status == 204

    play(tmp_path, story)


def test_an_upload_is_its_programmes_and_can_be_taken_back(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        await client.send(at, 0, BODY[:100])
        other = sign_pass(programme_id=uuid4(), person_id=None, now=clock.now())
        assert (await client.ask("HEAD", at, kotinos_upload=other)).status == 404
        assert (await client.create(5, kotinos_upload=other)).status == 404
        assert (await client.ask("DELETE", at)).status == 204
        assert (await client.ask("HEAD", at)).status == 404

    play(tmp_path, story)
    assert list(tmp_path.iterdir()) == []
    assert not Upload.objects.exists()


def test_an_upload_whose_file_is_gone_is_gone(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        at = place(await client.create(len(BODY)))
        await client.send(at, 0, BODY[:100])
        (tmp_path / at.rpartition("/")[2]).unlink()
        assert (await client.send(at, 100, BODY[100:])).status == 410

    play(tmp_path, story)


def test_an_upload_expires_and_so_does_a_pass(tmp_path: Path) -> None:
    swim = programme()

    async def story(client: Client) -> None:
        old = sign_pass(programme_id=swim, person_id=None, now=clock.now() - timedelta(days=2))
        assert (await client.create(5, kotinos_upload=old)).status == 403
        at = place(await client.create(5))
        past = clock.now() - timedelta(hours=25)
        await asyncio.to_thread(_age, past)
        assert (await client.ask("HEAD", at)).status == 404

    play(tmp_path, story, for_=swim)


def _age(past: Any) -> None:
    Upload.objects.update(begun_at=past)
    connection.close()
