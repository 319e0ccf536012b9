"""The `ovh` fixture: a fresh stand-in for each test, whose violations fail it."""

from collections.abc import Iterator

import pytest

from tests.parts.ovh.stand_in import OvhStandIn
from tests.parts.ovh.trap import TrapHost


@pytest.fixture
def ovh() -> Iterator[OvhStandIn]:
    with OvhStandIn() as stand_in:
        yield stand_in
    assert not stand_in.violations, f"what OVH must never see: {stand_in.violations}"


@pytest.fixture
def trap() -> Iterator[TrapHost]:
    with TrapHost() as host:
        yield host
