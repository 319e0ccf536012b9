"""Excel files in the making: row after row into a file of the data directory, in constant memory.

A finished file has no name any more: it goes when it has been read. What a killed process left is
removed at the next start, since it may hold numbers. Every text is a text, never a formula.
"""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from kiosk_appliance.store.disk import disk_fault

Cell = str | int | bool | datetime | None

# Excel's own limit, the header included.
_MOST_ROWS = 1_048_576
_WIDTH = 20


class Workbooks:
    """Makes Excel files, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)

    def begin(self, header: Sequence[str]) -> "WorkbookFile":
        """Return a new file with its header. Raises Unavailable where the disk fails."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return WorkbookFile(Path(tempfile.mkdtemp(dir=self._folder)), header)
        except OSError as error:
            raise disk_fault(error) from error


class WorkbookFile:
    """One file; used by one thread at a time, and ended by `finish` or `abandon`.

    `most_rows` is how many a sheet takes with its header, before another one is begun.
    """

    def __init__(self, folder: Path, header: Sequence[str], most_rows: int = _MOST_ROWS) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - slow to import; a start need not wait

        self._folder = folder
        self._header = header
        self._most_rows = most_rows
        self._path = folder / "export.xlsx"
        options = {"constant_memory": True, "tmpdir": str(folder), "remove_timezone": True}
        self._workbook = Workbook(str(self._path), options)
        # A million rows may pass the two gigabytes of the older form.
        self._workbook.use_zip64()
        self._bold = self._workbook.add_format({"bold": True})
        self._date = self._workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet, self._row = self._begin_sheet()

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; times are UTC. Raises Unavailable where the disk fails."""
        try:
            for cells in rows:
                self._add(cells)
        except OSError as error:
            raise disk_fault(error) from error

    def _add(self, cells: Sequence[Cell]) -> None:
        if self._row == self._most_rows:
            self._end_sheet()
            self._sheet, self._row = self._begin_sheet()
        for column, cell in enumerate(cells):
            match cell:
                case None:
                    pass
                case str():
                    self._sheet.write_string(self._row, column, cell)
                case bool():
                    self._sheet.write_boolean(self._row, column, cell)
                case int():
                    self._sheet.write_number(self._row, column, cell)
                case datetime():
                    self._sheet.write_datetime(self._row, column, cell, self._date)
        self._row += 1

    def _begin_sheet(self) -> tuple[Any, int]:
        sheet = self._workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self._header) - 1, _WIDTH)
        for column, name in enumerate(self._header):
            sheet.write_string(0, column, name, self._bold)
        return sheet, 1

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._header) - 1)

    def finish(self) -> IO[bytes]:
        """Return the whole file, to be read and closed. Raises Unavailable where the disk fails."""
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - as above

        try:
            self._end_sheet()
            self._workbook.close()
            return self._path.open("rb")
        except OSError as error:
            raise disk_fault(error) from error
        except FileCreateError as error:
            # The library's wrapping of what the disk has said.
            raise disk_fault(error.args[0]) from error
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def abandon(self) -> None:
        """Remove what there is of it."""
        for sheet in self._workbook.worksheets():
            # What is still to be written out may find no room.
            with suppress(OSError):
                sheet.row_data_fh.close()
        shutil.rmtree(self._folder, ignore_errors=True)
