"""The fixtures `cloud` (one for the whole run) and `container` (fresh, for one test)."""

from collections.abc import Iterator

import pytest

from tests.parts.swift.cloud import Cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """A running Swift with Keystone."""
    with Cloud() as running:
        yield running


@pytest.fixture
def container(cloud: Cloud) -> Iterator[str]:
    """The name of an empty public container, on a cloud in which everything runs."""
    cloud.heal()
    name = cloud.fresh_container()
    yield name
    cloud.heal()
    cloud.delete_container(name)
