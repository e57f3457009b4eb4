"""The application is killed while a file arrives: what was acknowledged is there, the rest is sent
again, and in the end the video plays. The whole way is real: HTTP, server, worker, ffmpeg.
"""

from __future__ import annotations

import http.client
import random
import time
from typing import TYPE_CHECKING

import pytest

from kotinos.channel.models import Job, Package, Upload
from kotinos.channel.store import PACKAGES, WHOLE, store, upload_folder
from kotinos.channel.tests.clips import make_clip
from kotinos.channel.tests.ingest.desk import programme
from kotinos.channel.uploads import sign_pass
from kotinos.fastlane.uploads import PREFIX
from kotinos.kernel import clock
from tests.crash.test_channel_killed import channel_worker, wait_for
from tests.races.site import Site, start_site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
PIECE_BYTES = 4_000_000
NOISE = ("-vf", "noise=alls=60:allf=t", "-crf", "10")


class Sender:
    """A tus client of few words."""

    def __init__(self, token: str, data: bytes) -> None:
        self._headers = {"Tus-Resumable": "1.0.0", "Kotinos-Upload": token}
        self._data = data

    def create(self, site: Site) -> str:
        length = {"Upload-Length": str(len(self._data))}
        answer = self._ask(site, "POST", PREFIX, headers=length)
        assert answer.status == 201
        return answer.headers["Location"]

    def offset(self, site: Site, place: str) -> int:
        return int(self._ask(site, "HEAD", place).headers["Upload-Offset"])

    def send(self, site: Site, place: str, offset: int) -> int:
        """One piece; the offset after it."""
        piece = self._data[offset : offset + PIECE_BYTES]
        answer = self._ask(site, "PATCH", place, body=piece, headers=self._piece(offset))
        assert answer.status == 204, answer.status
        return int(answer.headers["Upload-Offset"])

    def begin_to_send(self, site: Site, place: str, offset: int) -> http.client.HTTPConnection:
        """Part of a piece; the rest never follows."""
        wire = http.client.HTTPConnection("127.0.0.1", site.port)
        wire.putrequest("PATCH", place)
        length = {"Content-Length": str(len(self._data) - offset)}
        for name, value in (self._headers | self._piece(offset) | length).items():
            wire.putheader(name, value)
        wire.endheaders(self._data[offset : offset + PIECE_BYTES // 3])
        return wire

    def _piece(self, offset: int) -> dict[str, str]:
        kind = "application/offset+octet-stream"
        return {"Upload-Offset": str(offset), "Content-Type": kind}

    def _ask(
        self,
        site: Site,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> http.client.HTTPResponse:
        wire = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        wire.request(method, path, body, self._headers | (headers or {}))
        answer = wire.getresponse()
        answer.read()
        wire.close()
        return answer


def test_an_upload_goes_on_after_the_application_was_killed(tmp_path: Path) -> None:
    data = make_clip(tmp_path, seconds=7, size="640x360", options=NOISE).read_bytes()
    assert len(data) > 2 * PIECE_BYTES
    token = sign_pass(programme_id=programme().id, person_id=None, now=clock.now())
    sender = Sender(token, data)
    site = start_site(workers=1)
    try:
        place = sender.create(site)
        offset = sender.send(site, place, 0)
        wire = sender.begin_to_send(site, place, offset)
        time.sleep(random.uniform(0, 0.3))
        site.kill()
        wire.close()
        site = start_site(workers=1)
        assert sender.offset(site, place) >= offset
        while (offset := sender.offset(site, place)) < len(data):
            sender.send(site, place, offset)
    finally:
        site.kill()
    upload = Upload.objects.get()
    assert (upload_folder() / str(upload.id)).read_bytes() == data
    assert [path.name for path in upload_folder().iterdir()] == [str(upload.id)]
    with channel_worker(tmp_path / "worker.log"):
        wait_for(lambda: Job.objects.get().done_at is not None)
    package = Package.objects.get()
    assert package.ticks == 2
    assert store().read_now(f"{PACKAGES}/{package.id}/{WHOLE}")
