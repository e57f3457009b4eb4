"""`python -m demo.channel FOLDER [--only CODE]`: write the films of the demo's channel.

A film that is there already is kept: delete it to have it made anew. Each appears whole.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from demo.channel import film, programmes
from kotinos.channel.ingest.ffmpeg import binary


def main() -> None:
    """Make what is asked for, two at a time where there are two cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", choices=programmes.CODES)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    codes = asked.only or programmes.CODES
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for line in pool.map(lambda code: _make(code, asked.folder), codes):
            print(line, flush=True)


def _make(code: str, folder: Path) -> str:
    path, started = folder / f"{code}.mp4", monotonic()
    if path.exists():
        return f"{path.name}: there"
    made = programmes.film(code)
    film.make(made, path, ffmpeg=binary(), threads=1)
    size = path.stat().st_size / 1e6
    return f"{path.name}: {made.seconds:.1f} s, {size:.1f} MB in {monotonic() - started:.1f} s"


if __name__ == "__main__":
    main()
