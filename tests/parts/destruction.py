"""The ways in which a database gets destroyed while its appliance is down."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk_appliance.store.directory import Layout


def random_bytes(layout: Layout) -> None:
    """Every byte of the file is overwritten, and its log with it."""
    for path in (layout.database, _log(layout)):
        if path.exists():
            path.write_bytes(os.urandom(path.stat().st_size))


def random_pages(layout: Layout) -> None:
    """The header stays, whatever follows is overwritten."""
    folded(layout)
    with layout.database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(layout.database.stat().st_size - 4096))


def no_header(layout: Layout) -> None:
    """The first page is zeros."""
    folded(layout)
    with layout.database.open("r+b") as file:
        file.write(bytes(4096))


def half(layout: Layout) -> None:
    """Cut to half of its length."""
    folded(layout)
    os.truncate(layout.database, layout.database.stat().st_size // 2)


def empty(layout: Layout) -> None:
    """Cut to nothing."""
    layout.database.write_bytes(b"")
    _log(layout).unlink(missing_ok=True)


def missing(layout: Layout) -> None:
    """All of it is gone."""
    layout.database.unlink()
    _log(layout).unlink(missing_ok=True)


def missing_but_its_log(layout: Layout) -> None:
    """Only the write-ahead log is left."""
    layout.database.unlink()


def no_log(layout: Layout) -> None:
    """The write-ahead log is gone, with whatever was not folded into the file yet."""
    _log(layout).unlink()


def random_log(layout: Layout) -> None:
    """The write-ahead log is overwritten."""
    _log(layout).write_bytes(os.urandom(_log(layout).stat().st_size))


def another_programs(layout: Layout) -> None:
    """Somebody else's database lies in its place."""
    missing(layout)
    with closing(sqlite3.connect(layout.database)) as connection:
        connection.execute("create table bookmarks (url)")


def folded(layout: Layout) -> None:
    """Fold the log of a killed appliance into the file, as the same kill a little later would."""
    with closing(sqlite3.connect(layout.database)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


def _log(layout: Layout) -> Path:
    return Path(f"{layout.database}-wal")


WAYS: dict[str, Callable[[Layout], None]] = {
    way.__name__: way
    for way in (
        random_bytes,
        random_pages,
        no_header,
        half,
        empty,
        missing,
        missing_but_its_log,
        no_log,
        random_log,
        another_programs,
    )
}
