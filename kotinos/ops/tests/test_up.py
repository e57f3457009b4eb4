"""What stands in the way of a start is said before anything is started."""

from __future__ import annotations

import http.server
import socket
import sys
import threading
from typing import TYPE_CHECKING

import click
import pytest
from typing_extensions import override

from kotinos.ops import check, up

if TYPE_CHECKING:
    from pathlib import Path


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"--port {port + 1}"):
            up._prepare(tmp_path, port)


def test_a_full_disk_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "FREE_BYTES_MIN", 10**18)
    with pytest.raises(click.ClickException, match="MB are free"):
        up._prepare(tmp_path, 0)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(click.ClickException, match="cannot be made"):
        up._prepare(tmp_path / "file" / "data", 0)


def test_two_do_not_share_one_data_folder(tmp_path: Path) -> None:
    with (
        up._alone(tmp_path),
        pytest.raises(click.ClickException, match="already runs"),
        up._alone(tmp_path),
    ):
        pass


def test_a_part_whose_work_waits_for_it_begins_again_and_others_end_all() -> None:
    command = [sys.executable, "-c", ""]
    part = up.Part("channel", command, up._start(command), begins_again=True)
    first = part.process
    first.wait()
    up._all_alive([part])
    assert part.process is not first
    part.process.wait()
    with pytest.raises(click.ClickException, match="the channel ended with code 0"):
        up._all_alive([part])  # a second time at once: it would go on so for ever


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good" else 500)
        self.end_headers()
        self.wfile.write(b"a word")

    @override
    def log_message(self, *_: object) -> None:
        pass


def test_the_check_counts_what_does_not_answer_as_it_should() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    root = f"http://127.0.0.1:{server.server_port}"
    try:
        assert check.verify(root, [("/good", "word")]) == 0
        assert check.verify(root, [("/good", "absent"), ("/bad", "word")]) == 2
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert not check.answers(root)
