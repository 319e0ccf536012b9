"""The fixtures `postgres` (one server for the whole run) and `central` (a fresh database)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.parts.postgres.central import Central
    from tests.parts.postgres.server import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator["PostgresServer"]:
    """A running PostgreSQL."""
    # Slow to import, and most runs of one test need none.
    from tests.parts.postgres.server import PostgresServer  # noqa: PLC0415

    with PostgresServer() as running:
        yield running


@pytest.fixture
def central(postgres: "PostgresServer") -> Iterator["Central"]:
    """An empty database, on a server that runs."""
    from tests.parts.postgres.central import drop, fresh  # noqa: PLC0415

    postgres.start()
    made = fresh(postgres)
    yield made
    drop(made)
