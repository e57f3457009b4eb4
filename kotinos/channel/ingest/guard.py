"""Run a program so that it cannot outlive us or take the machine: `guard.py PARENT LIMITS PROGRAM`.

A small script of the standard library, started with `python -I -S`: it sets what must hold, then
becomes the program. It is a script and not a `preexec_fn` because we start programs from threads.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIMITS = {
    "memory_bytes": resource.RLIMIT_AS,
    "cpu_seconds": resource.RLIMIT_CPU,
    "file_bytes": resource.RLIMIT_FSIZE,
}


def main() -> None:
    """Set the limits, tie our life to the parent's (prctl(2)), and become the program."""
    parent, limits, *program = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit(1)  # it died before the line above
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in json.loads(limits).items():
        if name == "nice":
            os.nice(value)
        else:
            resource.setrlimit(_LIMITS[name], (value, value))
    os.execv(program[0], program)  # noqa: S606 - our own command line, no shell


main()
