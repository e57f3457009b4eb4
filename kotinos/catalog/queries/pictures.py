"""Pictures that the project draws itself and whose files are not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import SCHEME, SpecError, parse, render_all
from kotinos.catalog.contracts import PICTURE_KINDS, PICTURE_WIDTHS
from kotinos.catalog.models import ProductImage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def draw_missing(folder: Path) -> Iterator[str]:
    """Draw what is missing in `folder`; yields each source when its files are there."""
    rows = (
        ProductImage.objects.filter(source__startswith=SCHEME)
        .exclude(key="")
        .order_by("source")
        .values_list("source", "key")
        .distinct()
    )
    missing = [source for source, key in rows if not _is_there(folder, key)]
    specs = []
    for source in missing:
        try:
            specs.append(parse(source))
        except SpecError:
            continue  # The import has said so already.
    for spec, _ in render_all(specs, folder) if specs else ():
        yield str(spec)


def _is_there(folder: Path, key: str) -> bool:
    return all(
        (folder / f"{key}-{width}.{kind}").exists()
        for width in PICTURE_WIDTHS
        for kind in PICTURE_KINDS
    )
