"""Imports: grants, consents, prohibitions and properties from CSV, row by row.

A bad row is reported and loses nothing but itself; the same file twice changes nothing; a dry run
does everything and then takes it all back. Dates are ISO; `until` is the first day without.

| file | columns (the first line names them; those in brackets may be missing) |
|---|---|
| grants | number, grantor, grantee, property, acts [parent, outlets, territory, from, until,
|  | delay_minutes, exclusivity, quota, may_sublicense, duties, note] |
| consents | noc, policy [listed (NOC codes with spaces between), share_basis_points, from, until] |
| prohibitions | number, grantor, property [grantee, acts, outlets, territory, from, until, note] |
| properties | code, kind, owner, name [parent, edition, home_noc, name_fr, name_zh-hans, name_ar] |
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.rights import csvfile, models
from kotinos.rights.actions.consents import ConsentTerms, give_consent_held
from kotinos.rights.actions.frame import settle, take_book
from kotinos.rights.actions.grants import known_names
from kotinos.rights.actions.prohibitions import ProhibitionTerms, prohibit_held
from kotinos.rights.actions.properties import add_property
from kotinos.rights.csvfile import FieldError, Unreadable
from kotinos.rights.facts import NOC_EMBLEM
from kotinos.rights.importing_grants import put_grant
from kotinos.rights.reporting import Fate, ImportReport, RowReport, fate_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime
    from typing import BinaryIO
    from uuid import UUID

    from kotinos.rights.csvfile import Row
    from kotinos.rights.results import ChangeOutcome, DraftOutcome, SignOutcome

    Outcome = ChangeOutcome | DraftOutcome | SignOutcome
    # Does one row and returns what became of it, with the properties it touches.
    Put = Callable[[Row, datetime], tuple[Outcome, Collection[UUID]]]

ROWS_PER_TRANSACTION = 100

GRANT_COLUMNS = (
    ("number", "grantor", "grantee", "property", "acts"),
    (
        *("parent", "outlets", "territory", "from", "until", "delay_minutes", "exclusivity"),
        *("quota", "may_sublicense", "duties", "note"),
    ),
)
CONSENT_COLUMNS = (("noc", "policy"), ("listed", "share_basis_points", "from", "until"))
PROHIBITION_COLUMNS = (
    ("number", "grantor", "property"),
    ("grantee", "acts", "outlets", "territory", "from", "until", "note"),
)
PROPERTY_COLUMNS = (
    ("code", "kind", "owner", "name"),
    ("parent", "edition", "home_noc", "name_fr", "name_zh-hans", "name_ar"),
)


def import_grants(
    *,
    file: BinaryIO,
    now: datetime,
    dry_run: bool = False,
    parties: Collection[str] = (),
    actor: UUID | None = None,
) -> ImportReport:
    """Grants as drafts, signed by these parties (`grantor`, `grantee`) as far as the actor may.

    A row may name a parent from anywhere in the file. A signed grant is never rewritten.
    """
    known = known_names(now=now)

    def put(row: Row, now: datetime) -> tuple[Outcome, Collection[UUID]]:
        return put_grant(row, known=known, parties=parties, actor=actor, now=now)

    rows = csvfile.read_rows(file, required=GRANT_COLUMNS[0], optional=GRANT_COLUMNS[1])
    if not isinstance(rows, Unreadable):
        rows = _parents_first(rows)
    return _import(rows, put, subject="number", now=now, dry_run=dry_run)


def import_consents(
    *, file: BinaryIO, now: datetime, dry_run: bool = False, actor: UUID | None = None
) -> ImportReport:
    """Committees' policies for foreign goods in their homes."""
    emblems = models.Property.objects.filter(kind=NOC_EMBLEM).values_list("id", flat=True)

    def put(row: Row, now: datetime) -> tuple[Outcome, Collection[UUID]]:
        said = ConsentTerms(
            noc=row["noc"],
            policy=row["policy"],
            listed=row["listed"].split(),
            share_basis_points=csvfile.number(row, "share_basis_points") or 0,
            starts_at=csvfile.moment(row, "from"),
            ends_at=csvfile.moment(row, "until"),
        )
        return give_consent_held(said=said, actor=actor, now=now), list(emblems)

    rows = csvfile.read_rows(file, required=CONSENT_COLUMNS[0], optional=CONSENT_COLUMNS[1])
    return _import(rows, put, subject="noc", now=now, dry_run=dry_run)


def import_prohibitions(
    *, file: BinaryIO, now: datetime, dry_run: bool = False, actor: UUID | None = None
) -> ImportReport:
    """What owners forbid; a number that stands is left as it is."""
    known = known_names(now=now)

    def put(row: Row, now: datetime) -> tuple[Outcome, Collection[UUID]]:
        terms = ProhibitionTerms(
            number=row["number"],
            grantor=row["grantor"],
            grantee=row["grantee"] or None,
            property=row["property"],
            acts=row["acts"] or "*",
            outlets=row["outlets"] or "*",
            territory=row["territory"] or "WORLD",
            starts_at=csvfile.moment(row, "from"),
            ends_at=csvfile.moment(row, "until"),
            note=row["note"],
        )
        outcome = prohibit_held(terms=terms, now=now, actor=actor, known=known)
        touched = known.properties.get(terms.property)
        return outcome, [touched] if touched else []

    rows = csvfile.read_rows(file, required=PROHIBITION_COLUMNS[0], optional=PROHIBITION_COLUMNS[1])
    return _import(rows, put, subject="number", now=now, dry_run=dry_run)


def import_properties(
    *, file: BinaryIO, now: datetime, dry_run: bool = False, actor: UUID | None = None
) -> ImportReport:
    """Properties, parents before children in the file; names may change, the rest may not."""

    def put(row: Row, now: datetime) -> tuple[Outcome, Collection[UUID]]:
        names = {"en": row["name"]} | {
            language: row[f"name_{language}"]
            for language in ("fr", "zh-hans", "ar")
            if row[f"name_{language}"]
        }
        outcome = add_property(
            code=row["code"],
            names=names,
            kind=row["kind"],
            owner=row["owner"],
            parent=row["parent"] or None,
            edition=row["edition"] or None,
            home_noc=row["home_noc"] or None,
            now=now,
            actor=actor,
        )
        return outcome, ()

    rows = csvfile.read_rows(file, required=PROPERTY_COLUMNS[0], optional=PROPERTY_COLUMNS[1])
    return _import(rows, put, subject="code", now=now, dry_run=dry_run)


def _import(
    rows: Sequence[tuple[int, Row | str]] | Unreadable,
    put: Put,
    *,
    subject: str,
    now: datetime,
    dry_run: bool,
) -> ImportReport:
    if isinstance(rows, Unreadable):
        return ImportReport(unreadable=rows.message)
    with transaction.atomic() if dry_run else nullcontext():
        reports = [report for part in _parts(rows) for report in _part(part, put, subject, now)]
        if dry_run:
            transaction.set_rollback(True)
    reports.sort(key=lambda report: report.line)
    return ImportReport(tuple(reports), counts=Counter(report.fate for report in reports))


def _parts(
    rows: Sequence[tuple[int, Row | str]],
) -> Iterator[Sequence[tuple[int, Row | str]]]:
    """A transaction each, so that a long import does not keep everybody else from signing."""
    return (
        rows[start : start + ROWS_PER_TRANSACTION]
        for start in range(0, len(rows), ROWS_PER_TRANSACTION)
    )


def _parents_first(rows: Sequence[tuple[int, Row | str]]) -> list[tuple[int, Row | str]]:
    """Rows in an order in which every parent in the file comes before its children."""
    here = {row["number"]: (line, row) for line, row in rows if isinstance(row, dict)}
    ordered: list[tuple[int, Row | str]] = []
    placed: set[int] = set()
    for line, row in rows:
        way = [(line, row)]
        while isinstance(way[-1][1], dict):
            above = here.get(way[-1][1]["parent"])
            if above is None or above in way:
                break
            way.append(above)
        for each in reversed(way):
            if each[0] not in placed:
                placed.add(each[0])
                ordered.append(each)
    return ordered


def _part(
    part: Sequence[tuple[int, Row | str]], put: Put, subject: str, now: datetime
) -> list[RowReport]:
    touched: set[UUID] = set()
    with transaction.atomic():
        now = take_book(now)
        reports = [
            _row(line, row, put, subject=subject, now=now, touched=touched) for line, row in part
        ]
        if touched:
            settle(property_ids=touched, now=now, cause="import", subject=f"{len(part)} rows")
    return reports


def _row(
    line: int, row: Row | str, put: Put, *, subject: str, now: datetime, touched: set[UUID]
) -> RowReport:
    if isinstance(row, str):
        return RowReport(line, "", Fate.REFUSED, row)
    savepoint = transaction.savepoint()
    try:
        outcome, properties = put(row, now)
    except FieldError as error:
        transaction.savepoint_rollback(savepoint)
        return RowReport(line, row[subject][:64], Fate.REFUSED, str(error))
    fate, message = fate_of(outcome)
    if fate is Fate.DONE:
        touched.update(properties)
        transaction.savepoint_commit(savepoint)
    else:
        transaction.savepoint_rollback(savepoint)
    return RowReport(line, row[subject][:64], fate, message)
