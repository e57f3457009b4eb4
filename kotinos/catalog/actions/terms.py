"""Names of sports, kinds and collections per language."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.catalog.decide import slug
from kotinos.catalog.models import Term
from kotinos.kernel import pagecache
from kotinos.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FACETS = frozenset({"sport", "kind", "collection"})


@transaction.atomic
def import_terms(*, path: Path, now: datetime) -> int:
    """Names from a table with columns facet, code, en, fr, zh-hans, ar; how many were read.

    Rows of another facet or without an English name are passed over. Products imported later
    are found by these names; products imported before keep theirs until they are imported again.
    """
    del now
    read = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            facet, code = (row.get("facet") or "").strip(), slug(row.get("code") or "")[:60]
            names = {c: text for c in LANGUAGES if (text := (row.get(c) or "").strip())}
            if facet in FACETS and code and "en" in names:
                Term.objects.update_or_create(facet=facet, code=code, defaults={"names": names})
                read += 1
    pagecache.changed("catalog")
    return read
