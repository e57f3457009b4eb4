"""What a reader asked for in the address, cleaned. Nothing a stranger writes raises here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kotinos.catalog.contracts import PAGE_MAX, Filters, Note, Sort
from kotinos.catalog.links import default_sort, facet_values, with_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEXT_MAX = 120
VALUES_MAX = 20
BAND_DIGITS_MAX = 2
PAGE_DIGITS_MAX = 6
VALUE_LENGTH_MAX = 60


def read_filters(asked: Mapping[str, Sequence[str]]) -> tuple[Filters, tuple[Note, ...]]:
    """Filters, and a note for everything that could not be followed to the letter.

    `asked` maps parameter names to their values. Unknown names are ignored: links carry all
    sorts of things.
    """
    notes: list[Note] = []
    text = _text(_last(asked, "q"), notes)
    filters = Filters(text=text)
    for name in facet_values(filters):
        filters = with_values(filters, name, _codes(name, asked.get(name, ()), notes))
    return (
        replace(
            filters,
            price_band=_band(_last(asked, "price"), notes),
            sort=_sort(_last(asked, "sort"), filters, notes),
            page=_page(_last(asked, "page"), notes),
        ),
        tuple(notes),
    )


def _last(asked: Mapping[str, Sequence[str]], name: str) -> str:
    values = asked.get(name) or [""]
    return values[-1].replace("\x00", "")


def _text(raw: str, notes: list[Note]) -> str:
    text = " ".join(raw.split())
    if len(text) > TEXT_MAX:
        notes.append(Note("text-too-long", "q", text[:TEXT_MAX]))
    return text[:TEXT_MAX]


def _codes(name: str, raw: Sequence[str], notes: list[Note]) -> tuple[str, ...]:
    codes = list(dict.fromkeys(value.strip() for value in raw if value.strip()))
    if name in {"team", "edition"}:
        codes = list(dict.fromkeys(code.upper() for code in codes))
    fit = [code for code in codes if len(code) <= VALUE_LENGTH_MAX and "\x00" not in code]
    notes += [
        Note("unknown-value", name, code[:VALUE_LENGTH_MAX].replace("\x00", ""))
        for code in codes
        if code not in fit
    ]
    return tuple(fit[:VALUES_MAX])


def _band(raw: str, notes: list[Note]) -> int | None:
    if not raw:
        return None
    if raw.isascii() and raw.isdecimal() and len(raw) <= BAND_DIGITS_MAX:
        return int(raw)
    notes.append(Note("unknown-value", "price", raw[:VALUE_LENGTH_MAX]))
    return None


def _sort(raw: str, filters: Filters, notes: list[Note]) -> Sort:
    usual = default_sort(filters)
    if not raw:
        return usual
    if raw in set(Sort) and (raw != Sort.RELEVANCE or filters.text):
        return Sort(raw)
    notes.append(Note("unknown-value", "sort", raw[:VALUE_LENGTH_MAX]))
    return usual


def _page(raw: str, notes: list[Note]) -> int:
    if not raw:
        return 1
    if raw.isascii() and raw.isdecimal() and len(raw) <= PAGE_DIGITS_MAX and int(raw) >= 1:
        if int(raw) <= PAGE_MAX:
            return int(raw)
        notes.append(Note("page-too-far", "page", raw))
        return PAGE_MAX
    notes.append(Note("unknown-value", "page", raw[:VALUE_LENGTH_MAX]))
    return 1


def unknown_choices(filters: Filters, known: Mapping[str, set[str]]) -> tuple[tuple[str, str], ...]:
    """Chosen codes that name nothing, as (facet, code)."""
    return tuple(
        (name, code)
        for name, codes in facet_values(filters).items()
        for code in codes
        if name in known and code not in known[name]
    )
