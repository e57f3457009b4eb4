"""Run a Statement on Django's connection, inside whatever transaction the caller opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import connection, transaction
from django.db.utils import IntegrityError
from psycopg.errors import CheckViolation, UniqueViolation

if TYPE_CHECKING:
    from kotinos.kernel.statement import Param, Statement

RowT = TypeVar("RowT")


def run(statement: Statement[RowT], **params: Param) -> list[RowT]:
    """Every row, read. What only a concurrent twin made impossible is tried once more.

    That is a key the twin wrote first, and a CHECK: PostgreSQL tests it on the row as the
    statement first saw it, before it looks again at the row the twin left.
    """
    try:
        with transaction.atomic():
            return _run(statement, params)
    except IntegrityError as error:
        if not isinstance(error.__cause__, (UniqueViolation, CheckViolation)):
            raise
        return _run(statement, params)


def read(statement: Statement[RowT], **params: Param) -> list[RowT]:
    """Every row of a statement that only reads: no transaction is opened around it."""
    return _run(statement, params)


def run_one(statement: Statement[RowT], **params: Param) -> RowT:
    """The only row; ValueError where there is none or more than one."""
    (row,) = run(statement, **params)
    return row


def _run(statement: Statement[RowT], params: dict[str, Param]) -> list[RowT]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, params)
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    return [statement.read(dict(zip(names, row, strict=True))) for row in rows]
