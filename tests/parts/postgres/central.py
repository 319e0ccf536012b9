"""A fresh database for one test, with the user that kiosks come in as."""

import uuid
from dataclasses import dataclass
from typing import Any

from tests.parts.postgres.server import PostgresServer
from tests.parts.swift.server import free_ports


@dataclass(frozen=True)
class Central:
    """A database of its own on the common server, and a user who may create tables in it."""

    server: PostgresServer
    database: str
    user: str
    password: str

    @property
    def url(self) -> str:
        return self.server.url(self.user, self.password, self.database)

    @property
    def nowhere(self) -> str:
        """The same address with a port that nobody listens on."""
        return self.url.replace(f":{self.server.port}/", f":{free_ports(1)[0]}/")

    def run(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement in this database as the superuser."""
        return self.server.run(sql, parameters, self.database)

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return the table of captures as it stands, in the order of its keys."""
        return self.run(f"select {columns} from kiosk_captures order by kiosk, capture")

    def count(self, capture: str, *, erased: bool) -> int:
        """Say in how many rows a capture stands, or its tombstone; none without the table."""
        if self.run("select to_regclass('kiosk_captures')") == [(None,)]:
            return 0
        sql = "select count(*) from kiosk_captures where capture = %s and (erased_at is null) <> %s"
        return int(self.run(sql, capture, erased)[0][0])

    def connections(self) -> int:
        """Say how many connections the user has open."""
        sql = "select count(*) from pg_stat_activity where usename = %s"
        return int(self.run(sql, self.user)[0][0])


def fresh(server: PostgresServer) -> Central:
    """Create a user and her database."""
    name = f"kiosk_{uuid.uuid4().hex[:12]}"
    central = Central(server, name, name, uuid.uuid4().hex)
    server.run(f"create role {name} login password '{central.password}'")
    server.run(f"create database {name} owner {name} strategy file_copy")
    return central


def drop(central: Central) -> None:
    """Remove both, whoever is still connected."""
    central.server.start()
    central.server.run(f"drop database if exists {central.database} with (force)")
    central.server.run(f"drop role if exists {central.user}")
