"""What the test command makes of a test that fails beside others, on small suites of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

import tests.__main__ as command

ONCE = """
import pathlib
def test_it():
    seen = pathlib.Path(__file__).with_name("seen")
    late = not seen.exists()
    seen.touch()
    assert not late
"""
ALWAYS = "def test_it():\n    assert False\n"
PASSES = "def test_it():\n    pass\n"


@pytest.mark.parametrize(
    ("suite", "test", "code", "said"),
    [
        ("browser", ONCE, 0, "UNSTEADY"),
        ("integration", ALWAYS, 1, "once more"),
        ("unit", ONCE, 1, None),
    ],
)
def test_a_late_page_gets_a_second_look(
    tmp_path: Path, suite: str, test: str, code: int, said: str | None
) -> None:
    for path in command.SUITES:
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / f"test_{path[6:]}.py").write_text(PASSES, encoding="utf-8")
    (tmp_path / "tests" / suite / "test_this.py").write_text(test, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(command.__file__), "1"],
        cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == code, run.stdout
    assert ("test: " in run.stdout) == (said is not None)
    assert said is None or said in run.stdout


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ([], False),
        (["tests/browser/test_a.py::test_it[1]", "tests/integration/test_b.py::test_it"], True),
        ([f"tests/browser/test_a.py::test_{number}" for number in range(4)], False),
        (["tests/browser/test_a.py::test_it", "tests/faults/test_b.py::test_it"], False),
        (["tests/unit/test_a.py::test_it"], False),
    ],
)
def test_what_found_something_gets_none(failed: list[str], expected: bool) -> None:
    assert command.worth_a_second_look(failed) == expected
