"""Where ffmpeg is, and how any program of the ingest is started: guarded, never outliving us."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg

from kotinos.kernel.environment import ROOT, environment

NICE = 15
_GUARD = Path(__file__).with_name("guard.py")


@lru_cache(maxsize=1)
def binary() -> str:
    """The ffmpeg to run: the one KOTINOS_FFMPEG names, else the one in imageio-ffmpeg's wheel."""
    return environment().ffmpeg or str(imageio_ffmpeg.get_ffmpeg_exe())


def guarded(program: list[str], *, limits: dict[str, int]) -> list[str]:
    """The command that runs a program under limits and ends it with the thread that starts it;
    kotinos.channel.ingest.guard is what does it.

    Limits: `memory_bytes`, `cpu_seconds`, `file_bytes`, `nice`. Start it from a thread that lives
    as long as the program should.
    """
    return [
        *(sys.executable, "-I", "-S", str(_GUARD), str(os.getpid()), json.dumps(limits)),
        *program,
    ]


def start(program: list[str], *, limits: dict[str, int], cwd: Path) -> subprocess.Popen[bytes]:
    """A guarded program with its output and its errors as pipes, in its own process group."""
    return subprocess.Popen(  # noqa: S603 - our own command line, no shell
        guarded(program, limits=limits),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "AV_LOG_FORCE_NOCOLOR": "1"},
    )
