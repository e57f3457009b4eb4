"""`python -m tools.build`: what set-up makes out of our sources and npm's packages."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
UNUSED = [
    "hls-demo.js*",
    "hls.js*",
    "hls.mjs*",
    "hls.min.js*",
    "hls.min.mjs.map",
    "hls.light*",
    "*.d.?ts",
    "*.d.ts",
    *("extension", "echarts.js", "echarts.min.js", "echarts*.map"),
    *("echarts.common.js", "echarts.simple*", "echarts.esm*"),
    *(
        "ext",
        "cjs",
        "iife",
        "react",
        "experimental",
        "*.tsbuildinfo",
        "vscode.*",
        "custom-elements.json",
    ),
]
"""Files of npm's packages that no page loads: to hash and compress them took a minute."""


def translations(folder: Path = ROOT / "kotinos") -> int:
    """Compile every catalogue beside itself; the number compiled."""
    count = 0
    for source in sorted(folder.rglob("LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        fresh = source.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(source.with_suffix(".mo"))  # a running server never sees half a file
        count += 1
    return count


def world_map() -> None:
    """Project the borders for every map of the shop."""
    from kotinos.games import worldmap  # noqa: PLC0415 - not needed by the other steps

    worldmap.build(ROOT / "node_modules", worldmap.BUILT)


def static_files() -> None:
    """Collect and compress what the pages load, under names that carry a hash."""
    import django  # noqa: PLC0415 - the other steps need no settings
    from django.conf import settings  # noqa: PLC0415 - the same
    from django.core.management import call_command  # noqa: PLC0415 - the same

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("KOTINOS_SECRET", "set-up signs nothing")
    django.setup()
    place, fresh = Path(settings.STATIC_ROOT), Path(f"{settings.STATIC_ROOT}.{os.getpid()}")
    settings.STATIC_ROOT = fresh
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    stale = Path(f"{fresh}.old")
    if place.exists():
        place.rename(stale)
    fresh.rename(place)  # a running server finds all of the old files or all of the new
    shutil.rmtree(stale, ignore_errors=True)


if __name__ == "__main__":
    translations()
    world_map()
    static_files()
    sys.exit(0)
