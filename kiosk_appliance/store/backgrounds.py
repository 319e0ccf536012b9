"""Backgrounds: their rows, their picture files and their thumbnails."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path

from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import DiskFailing
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import write_durably

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

    async def add(self, background: Background, picture: bytes, thumbnail: bytes) -> None:
        """Keep a new background: files first, then its row; both or neither.

        Raises Unavailable (507, 503) where the disk is full or fails.
        """
        try:
            await asyncio.to_thread(self._write_files, background.id, picture, thumbnail)
            await self._insert(background)
        except DiskFailing:
            # The row may be there after the next crash, though nobody sees it now: files stay.
            raise
        except Exception as error:
            self._drop_files(background.id)
            if isinstance(error, OSError):
                raise disk_fault(error) from error
            raise

    async def _insert(self, background: Background) -> None:
        def insert(tx: Transaction) -> None:
            tx.execute(
                """
                insert into backgrounds (id, name, mode, media_type, version, file_size, width,
                    height, is_active, display_order, created_at)
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

        await self._database.write(insert)

    def _write_files(self, background_id: str, picture: bytes, thumbnail: bytes) -> None:
        write_durably(self.picture(background_id), picture)
        write_durably(self.thumbnail(background_id), thumbnail)

    async def remove(self, background_id: str) -> bool:
        """Drop a background and its files; captures that used it stay. Says if it was there."""

        def delete(tx: Transaction) -> bool:
            cursor = tx.execute("delete from backgrounds where id = ?", (background_id,))
            return cursor.rowcount > 0

        removed = await self._database.write(delete)
        if removed:
            self._drop_files(background_id)
        return removed

    def _drop_files(self, background_id: str) -> None:
        for path in (self.picture(background_id), self.thumbnail(background_id)):
            # A file that stays is worth less than the answer that its background is gone.
            with suppress(OSError):
                path.unlink()

    def picture(self, background_id: str) -> Path:
        """Return the path of the full picture."""
        return self._folder / background_id

    def thumbnail(self, background_id: str) -> Path:
        """Return the path of the thumbnail."""
        return self._folder / f"{background_id}.thumbnail"


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
