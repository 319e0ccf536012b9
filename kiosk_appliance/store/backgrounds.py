"""Backgrounds: their rows, their picture files and their thumbnails.

A file bears its picture's digest in its name: whoever has read a row finds the picture that the row
tells of, and a new picture never takes the place of one that is still shown.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kiosk_appliance.domain.audit import Entry
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import DiskFailing
from kiosk_appliance.store import audit
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import write_durably
from kiosk_appliance.store.paging import Window

T = TypeVar("T")

_SELECT = "select * from backgrounds"


class Backgrounds:
    """The backgrounds of this kiosk; their files lie in one folder under their ids."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def active(self) -> list[Background]:
        """Return those that guests may choose, in display order."""
        rows = await self._database.all(
            f"{_SELECT} where is_active = 1 order by display_order, name, id"
        )
        return [_background(row) for row in rows]

    async def every(self) -> list[Background]:
        """Return all of them, in display order."""
        rows = await self._database.all(f"{_SELECT} order by display_order, name, id")
        return [_background(row) for row in rows]

    async def get(self, background_id: str) -> Background | None:
        """Return one background, hidden ones included."""
        row = await self._database.one(f"{_SELECT} where id = ?", (background_id,))
        return _background(row) if row else None

    async def page(self, window: Window) -> list[tuple[int, Background]]:
        """Return backgrounds with their place in the list, newest first."""
        rows = await self._database.all(
            "select rowid as seq, * from backgrounds where rowid < :before"
            " order by rowid desc limit :limit",
            window.parameters(),
        )
        return [(row["seq"], _background(row)) for row in rows]

    async def total(self) -> int:
        """Return how many there are."""
        row = await self._database.one("select count(*) as count from backgrounds")
        return int(row["count"]) if row else 0

    async def add(
        self, background: Background, picture: bytes, thumbnail: bytes, noted: Entry | None
    ) -> None:
        """Keep a new background: files first, then its row; both or neither.

        `noted` is its line in the audit trail. Raises Unavailable (507, 503) where the disk is
        full or fails.
        """

        def insert(tx: Transaction) -> None:
            _insert(tx, background)
            _note(tx, noted)

        await self._with_files(background, picture, thumbnail, insert)

    async def change(self, background: Background, noted: Entry) -> bool:
        """Change all that its row says but the picture. Says if it was there."""

        def update(tx: Transaction) -> bool:
            if not _update(tx, background):
                return False
            audit.append(tx, noted)
            return True

        return await self._database.write(update)

    async def replace(
        self, background: Background, picture: bytes, thumbnail: bytes, noted: Entry
    ) -> bool:
        """Change it as `change` does, and its picture; the earlier one goes once it may.

        Raises Unavailable as `add` does, and has changed nothing then.
        """

        def update(tx: Transaction) -> Background | None:
            row = tx.execute(f"{_SELECT} where id = ?", (background.id,)).fetchone()
            if row is None or not _update(tx, background):
                return None
            audit.append(tx, noted)
            return _background(row)

        before = await self._with_files(background, picture, thumbnail, update)
        if before is None:
            self._drop_files(background)
        elif before.version != background.version:
            self._drop_files(before)
        return before is not None

    async def remove(self, background_id: str, noted: Entry) -> bool:
        """Drop a background and its files; captures that used it stay. Says if it was there."""

        def delete(tx: Transaction) -> Background | None:
            rows = tx.execute(
                "delete from backgrounds where id = ? returning *", (background_id,)
            ).fetchall()
            if not rows:
                return None
            audit.append(tx, noted)
            return _background(rows[0])

        removed = await self._database.write(delete)
        if removed is not None:
            self._drop_files(removed)
        return removed is not None

    async def _with_files(
        self,
        background: Background,
        picture: bytes,
        thumbnail: bytes,
        work: Callable[[Transaction], T],
    ) -> T:
        """Write the files, then do the work; where that fails, leave what was there before."""
        was_there = await asyncio.to_thread(self.picture(background).exists)
        try:
            await asyncio.to_thread(self._write_files, background, picture, thumbnail)
            return await self._database.write(work)
        except DiskFailing:
            # The row may be there after the next crash, though nobody sees it now: files stay.
            raise
        except Exception as error:
            if not was_there:
                self._drop_files(background)
            if isinstance(error, OSError):
                raise disk_fault(error) from error
            raise

    def _write_files(self, background: Background, picture: bytes, thumbnail: bytes) -> None:
        write_durably(self.picture(background), picture)
        write_durably(self.thumbnail(background), thumbnail)

    def _drop_files(self, background: Background) -> None:
        for path in (self.picture(background), self.thumbnail(background)):
            # A file that stays is worth less than the answer that its background is gone.
            with suppress(OSError):
                path.unlink()

    def picture(self, background: Background) -> Path:
        """Return the path of the full picture."""
        return self._folder / f"{background.id}-{background.version[:16]}"

    def thumbnail(self, background: Background) -> Path:
        """Return the path of the thumbnail."""
        return self._folder / f"{background.id}-{background.version[:16]}.thumbnail"


def _insert(tx: Transaction, background: Background) -> None:
    tx.execute(
        """
        insert into backgrounds (id, name, mode, media_type, version, file_size, width, height,
            is_active, display_order, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            background.id,
            background.name,
            background.mode,
            background.media_type,
            background.version,
            background.file_size,
            background.width,
            background.height,
            int(background.is_active),
            background.display_order,
            background.created_at,
        ),
    )


def _update(tx: Transaction, background: Background) -> bool:
    changed = tx.execute(
        """
        update backgrounds set name = ?, mode = ?, media_type = ?, version = ?, file_size = ?,
            width = ?, height = ?, is_active = ?, display_order = ?
        where id = ?
        """,
        (
            background.name,
            background.mode,
            background.media_type,
            background.version,
            background.file_size,
            background.width,
            background.height,
            int(background.is_active),
            background.display_order,
            background.id,
        ),
    )
    return changed.rowcount > 0


def _note(tx: Transaction, noted: Entry | None) -> None:
    if noted is not None:
        audit.append(tx, noted)


def _background(row: sqlite3.Row) -> Background:
    return Background(
        id=row["id"],
        name=row["name"],
        mode=row["mode"],
        media_type=row["media_type"],
        version=row["version"],
        file_size=row["file_size"],
        width=row["width"],
        height=row["height"],
        is_active=bool(row["is_active"]),
        display_order=row["display_order"],
        created_at=row["created_at"],
    )
