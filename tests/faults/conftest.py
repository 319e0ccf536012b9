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
_FIGURES = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every suite of this folder the time that its full size takes."""
    for item in items:
        if _FULL and item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(_FULL_TIMEOUT_S), append=False)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print each suite's line of figures."""
    figures = config.stash.get(_FIGURES, [])
    if figures:
        terminalreporter.section("faults")
    for line in figures:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def full() -> bool:
    """Say whether the suites run at their full size."""
    return _FULL


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """Return what notes a suite's line of figures for the end of the run."""
    figures = request.config.stash.setdefault(_FIGURES, [])
    name = request.node.name
    return lambda line: figures.append(f"{name}: {line}")


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
