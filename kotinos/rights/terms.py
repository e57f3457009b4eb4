"""The terms of a grant as a person writes them, checked word by word before they are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kotinos.games.api import TerritoryTextError
from kotinos.rights import acts as words
from kotinos.rights.facts import DutyKind, Exclusivity
from kotinos.rights.results import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.contracts import Atlas

TEXT_LENGTH_MAX = 2000
DUTIES_MAX = 20
DELAY_MINUTES_MAX = 60 * 24 * 366 * 10
UNITS_MAX = 10**12
BASIS_POINTS_MAX = 10_000
_DUTY = re.compile(r"([a-z-]+)(?::(\d{1,5}))?(?:@([A-Za-z0-9-]{1,32}))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTerms:
    """What a grant says. Organisations and the property by code, the parent by number.

    `duties` is text: `royalty:1200@IOC; label hologram; free-to-air all finals` (a kind, basis
    points for royalty and share, to whom, a note). Times are aware; None is open on that side.
    """

    grantor: str
    grantee: str
    property: str
    acts: str
    outlets: str = "*"
    territory: str = "WORLD"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    delay_minutes: int = 0
    exclusivity: str = "non-exclusive"
    quota_units: int | None = None
    may_sublicense: bool = False
    duties: str = ""
    note: str = ""
    parent: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names that terms may use, looked up before the terms are read."""

    atlas: Atlas
    organisations: Mapping[str, UUID]
    properties: Mapping[str, UUID]
    parents: dict[str, UUID]
    now: datetime


@dataclass(slots=True)
class Columns:
    """Column values for the table, and what was wrong where there are problems."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fail(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, message))


def columns_of(terms: GrantTerms, known: Known) -> Columns:
    """Read every field; the values are complete only where there is no problem."""
    found = Columns()
    for name, key, table in (
        ("grantor_id", terms.grantor, known.organisations),
        ("grantee_id", terms.grantee, known.organisations),
        ("property_id", terms.property, known.properties),
        ("parent_id", terms.parent, known.parents),
    ):
        _reference(found, name, key, table)
    read_scope(
        found, acts=terms.acts, outlets=terms.outlets, territory=terms.territory, known=known
    )
    _window(found, terms.starts_at, terms.ends_at)
    _numbers(found, terms)
    _exclusivity(found, terms.exclusivity)
    found.values["duties"] = list(_duties(found, terms.duties, known))
    found.values["may_sublicense"] = terms.may_sublicense
    found.values["note"] = _text(found, "note", terms.note)
    return found


def read_scope(found: Columns, *, acts: str, outlets: str, territory: str, known: Known) -> None:
    """Acts, outlets and territory: grants and prohibitions write them alike."""
    _words(found, "acts", acts, words.acts)
    _words(found, "outlets", outlets, words.outlets)
    found.values["territory"] = _text(found, "territory", territory)
    try:
        is_empty = not known.atlas.mask(territory, known.now)
    except TerritoryTextError as error:
        found.fail("territory", str(error))
        return
    if is_empty and not any(word in territory.upper() for word in ("HOME(", *_named(known))):
        found.fail("territory", "names no territory at all")


def _named(known: Known) -> Iterator[str]:
    """A named set may be empty today and not tomorrow; a plain text cannot."""
    return (span.name for span in known.atlas.sets)


def _reference(found: Columns, name: str, key: str | None, table: Mapping[str, UUID]) -> None:
    if key is None:
        found.values[name] = None
    elif key in table:
        found.values[name] = table[key]
    else:
        found.fail(name.removesuffix("_id"), f"{key!r} is not known")


def _words(
    found: Columns,
    name: str,
    text: str,
    parse: Callable[[str], tuple[words.Act, ...] | tuple[words.Outlet, ...] | words.UnknownWord],
) -> None:
    parsed = parse(_text(found, name, text))
    if isinstance(parsed, words.UnknownWord):
        hint = f"; did you mean {parsed.suggestion}?" if parsed.suggestion else ""
        found.fail(name, f"{parsed.word} is not known{hint}")
    elif not parsed:
        found.fail(name, "names nothing")
    else:
        found.values[name] = [leaf.text for leaf in parsed]


def _window(found: Columns, starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        found.fail("until", "is not after the beginning")
    found.values["starts_at"], found.values["ends_at"] = starts_at, ends_at


def _numbers(found: Columns, terms: GrantTerms) -> None:
    if not 0 <= terms.delay_minutes <= DELAY_MINUTES_MAX:
        found.fail("delay_minutes", f"is not between 0 and {DELAY_MINUTES_MAX}")
    if terms.quota_units is not None and not 0 < terms.quota_units <= UNITS_MAX:
        found.fail("quota", f"is not between 1 and {UNITS_MAX}")
    found.values["delay_minutes"] = terms.delay_minutes
    found.values["quota_units"] = terms.quota_units


def _exclusivity(found: Columns, text: str) -> None:
    if text not in set(Exclusivity):
        found.fail("exclusivity", f"{text!r} is none of {', '.join(Exclusivity)}")
    found.values["exclusivity"] = text


def _duties(found: Columns, text: str, known: Known) -> Iterator[dict[str, Any]]:
    parts = [part.strip() for part in _text(found, "duties", text).split(";") if part.strip()]
    if len(parts) > DUTIES_MAX:
        found.fail("duties", f"are more than {DUTIES_MAX}")
    for part in parts[:DUTIES_MAX]:
        match = _DUTY.fullmatch(part)
        if match is None or match[1] not in set(DutyKind):
            found.fail("duties", f"{part!r} does not begin with one of {', '.join(DutyKind)}")
            continue
        kind, points, owed_to, note = match.groups()
        if points is not None and int(points) > BASIS_POINTS_MAX:
            found.fail("duties", f"{points} basis points are more than the whole")
        if owed_to is not None and owed_to not in known.organisations:
            found.fail("duties", f"{owed_to!r} is no known organisation")
            continue
        yield {
            "kind": kind,
            "basis_points": int(points) if points is not None else None,
            "owed_to": str(known.organisations[owed_to]) if owed_to else None,
            "note": note or "",
        }


def _text(found: Columns, name: str, text: str) -> str:
    if len(text) > TEXT_LENGTH_MAX or "\x00" in text:
        found.fail(name, f"is longer than {TEXT_LENGTH_MAX} characters, or not text")
        return ""
    return text
