"""What the fault suites need of the machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import volume
from tests.parts.requirements import need


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
