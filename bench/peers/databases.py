"""The peers' PostgreSQL: a cluster of its own, whose filled databases are kept as templates."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg.sql import SQL, Identifier

from kotinos.kernel.postgres import SUPERUSER, PostgresError, embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kotinos.kernel.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Database:
    """Where a peer finds its tables: a database behind the socket in `host`, without password.

    `server` is PostgreSQL's process id.
    """

    name: str
    host: Path
    server: int
    user: str = SUPERUSER


@contextmanager
def copy_of(template: str, *, folder: Path, fill: Callable[[Database], None]) -> Iterator[Database]:
    """A new copy of the database `template`, on a cluster that is stopped when the block ends.

    Where there is no such template, `fill` is called with an empty database to make it: with all
    its tables and the hot product. It is kept whole or not at all.
    """
    cluster = embedded(folder / "postgres")
    cluster.start()
    try:
        if not _exists(cluster, template):
            half = _fresh(cluster, f"{template}_half")
            fill(half)
            _run(cluster, "ALTER DATABASE {} RENAME TO {}", half.name, template)
        yield _fresh(cluster, f"{template}_copy", template)
    finally:
        cluster.stop()


def _fresh(cluster: Cluster, name: str, template: str = "template1") -> Database:
    _run(cluster, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run(cluster, "CREATE DATABASE {} TEMPLATE {}", name, template)
    server = cluster.pid()
    if server is None:
        raise PostgresError("the server ended by itself")
    return Database(name, cluster.socket_folder, server)


def _exists(cluster: Cluster, name: str) -> bool:
    with psycopg.connect(cluster.url("postgres")) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _run(cluster: Cluster, statement: str, *names: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))
