"""The shop's strings: collect them into catalogues, compile them, and say what is untranslated.

    python -m tools.messages            # compile every catalogue (set-up does this)
    python -m tools.messages --update   # collect strings from templates and code into the .po files
    python -m tools.messages --check    # exit 1 and name every string without a translation

GNU gettext is not needed: Django turns a template into something Babel can read. The back office
speaks English, so its pages are left out.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("fr", "zh_Hans", "ar")
SHOP = ("catalog", "channel", "drops", "orders", "payments", "waitingroom", "web")
_LEFT_OUT = {
    "tests",
    "migrations",
    "locale",
    "office",
    "drops_office",
    "channel_office",
    "unfold",
    "admin",
    "admin.py",
}
_NO_DATE = datetime(2026, 11, 22, tzinfo=timezone.utc)
"""Catalogues carry one date for ever: a new date would be a change that means nothing."""
_PYTHON_CALLS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def packages() -> list[Path]:
    """Packages that have strings for the shop's readers."""
    return [path for name in SHOP if any(strings(path := ROOT / "kotinos" / name))]


def strings(package: Path) -> Iterator[tuple[str | tuple[str, ...], str, int]]:
    """Every string of a package that is to be translated, with its file and line."""
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if _LEFT_OUT & set(inside):
            continue
        if path.suffix == ".py":
            source = path.read_bytes()
        elif "templates" in inside and path.suffix in {".html", ".txt"}:
            source = templatize(path.read_text(encoding="utf-8"), origin=path.name).encode()
        else:
            continue
        options = {"encoding": "utf-8"}
        found = extract("python", io.BytesIO(source), _PYTHON_CALLS, options=options)
        for line, message, _comments, _context in found:
            if message:
                yield message, path.relative_to(ROOT).as_posix(), line


def template_of(package: Path) -> Catalog:
    """What the package says now, untranslated."""
    catalog = Catalog(project="Kotinos", charset="utf-8")
    for message, file, _line in strings(package):
        # Files without lines: a moved line is no change of a translation.
        catalog.add(message, locations=[(file, 0)])
    return catalog


def po_path(package: Path, locale: str) -> Path:
    return package / "locale" / locale / "LC_MESSAGES" / "django.po"


def catalogue(package: Path, locale: str) -> Catalog:
    """The translations that stand in the package; an empty catalogue where there are none."""
    path = po_path(package, locale)
    if not path.exists():
        return Catalog(locale=locale, project="Kotinos", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(package: Path, locale: str) -> Path:
    """Write the package's catalogue anew: new strings are added empty, old ones leave."""
    catalog = catalogue(package, locale)
    catalog.update(template_of(package), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# Kotinos: {package.name}, {locale}."
    catalog.fuzzy = False
    catalog.creation_date = catalog.revision_date = _NO_DATE
    path = po_path(package, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=True, omit_header=False)
    return path


def untranslated(package: Path, locale: str) -> list[str]:
    """Strings of the package that have no translation in this language."""
    catalog = catalogue(package, locale)
    missing = []
    for message in template_of(package):
        if not message.id:
            continue
        found = catalog.get(message.id)
        texts = [] if found is None else [found.string]
        flat = [part for text in texts for part in (text if isinstance(text, tuple) else (text,))]
        if not flat or not all(flat):
            missing.append(str(message.id))
    return missing


def compile_all() -> int:
    """Compile every catalogue that stands in a package; how many."""
    count = 0
    for path in sorted((ROOT / "kotinos").glob("*/locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        count += 1
    return count


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if "--check" in arguments:
        missing = [
            f"{package.name} {locale}: {text}"
            for package in packages()
            for locale in LOCALES
            for text in untranslated(package, locale)
        ]
        print("\n".join(missing) or "every string is translated")
        return 1 if missing else 0
    if "--update" in arguments:
        for package in packages():
            for locale in LOCALES:
                print(update(package, locale).relative_to(ROOT))
    print(f"{compile_all()} catalogues compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
