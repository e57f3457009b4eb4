"""`python -m kotinos.ops`: the same words as `bin/kotinos`."""

from __future__ import annotations

from kotinos.ops.cli import main

main()
