"""Excel files that outgrow a sheet, and those that are given up."""

from pathlib import Path

from openpyxl import load_workbook

from kiosk_appliance.store.workbooks import WorkbookFile, Workbooks


def test_rows_that_a_sheet_has_no_room_for_go_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    file = WorkbookFile(tmp_path / "one", ["name", "n"], most_rows=3)
    file.add([["a", 1], ["b", 2], ["c", 3]])
    with file.finish() as done:
        book = load_workbook(done)
        found = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        filters = [sheet.auto_filter.ref for sheet in book.worksheets]
    assert found == [[("name", "n"), ("a", 1), ("b", 2)], [("name", "n"), ("c", 3)]]
    assert filters == ["A1:B3", "A1:B2"]


def test_a_file_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    file = Workbooks(tmp_path / "exports").begin(["name"])
    file.add([["a"]])
    file.abandon()
    assert not list((tmp_path / "exports").iterdir())
