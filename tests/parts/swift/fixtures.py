"""The fixtures `cloud` (one for the whole run) and `container` (fresh, for one test)."""

import importlib
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.parts.swift.cloud import Cloud

with warnings.catch_warnings(), suppress(ImportError):
    # Beside Keystone itself, keystoneauth1 imports a tracing library that imports this; a
    # deprecation there would fail whichever test first imports the storage channel.
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("cgi")


@pytest.fixture(scope="session")
def cloud() -> Iterator["Cloud"]:
    """A running Swift with Keystone."""
    # Slow to import, and most runs of one test need none.
    from tests.parts.swift.cloud import Cloud  # noqa: PLC0415

    with Cloud() as running:
        yield running


@pytest.fixture
def container(cloud: "Cloud") -> Iterator[str]:
    """The name of an empty public container, on a cloud in which everything runs."""
    cloud.heal()
    name = cloud.fresh_container()
    yield name
    cloud.heal()
    cloud.delete_container(name)
