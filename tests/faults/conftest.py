"""What the fault suites need of the machine, how big they are, and what they tell at the end.

The normal run is small; `make faults` sets KIOSK_FAULTS=full. A suite takes its numbers from
`full`, and gives its one line of figures to `tell`.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import volume
from tests.parts.requirements import need

_FULL = os.environ.get("KIOSK_FAULTS") == "full"
_FULL_TIMEOUT_S = 3600
_FIGURES = "figures"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every suite of this folder the time that its full size takes."""
    for item in items:
        if _FULL and item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(_FULL_TIMEOUT_S), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each suite's line of figures."""
    told = [
        f"{report.nodeid.split('::')[-1]}: {figures}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, figures in report.user_properties
        if name == _FIGURES
    ]
    if told:
        terminalreporter.section("faults")
    for line in told:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def full() -> bool:
    """Say whether the suites run at their full size."""
    return _FULL


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Return what notes a suite's line of figures for the end of the run.

    It goes with the test's report: the suites may run in several processes.
    """
    return lambda line: record_property(_FIGURES, str(line))


@pytest.fixture(scope="session")
def ext4() -> None:
    """Skip, or fail in CI, where an ext4 can't be mounted and shut down."""
    lacking = volume.missing("ext4")
    need(lacking is None, f"power cuts: {lacking}")


@pytest.fixture
def place(ext4: None) -> Iterator[Path]:
    """Return a folder for volumes; nothing stays mounted."""
    with volume.workplace() as folder:
        yield folder
