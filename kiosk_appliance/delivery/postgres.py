"""The entry of each capture into the one PostgreSQL database of a fleet, and out of it again.

Knows nothing of attempts, retries or the outbox. Importing it costs a tenth of a second: only an
appliance with this channel should.
"""

from collections.abc import Callable

import psycopg

from kiosk_appliance.delivery import postgres_table
from kiosk_appliance.delivery.postgres_outcomes import FAILURES, classify
from kiosk_appliance.delivery.postgres_session import PostgresSession, Timeouts
from kiosk_appliance.domain.delivery import (
    Delivered,
    LanePaused,
    NotFound,
    Outcome,
    Parcel,
    Refused,
)
from kiosk_appliance.domain.entry import Entry

__all__ = ["PostgresChannel", "PostgresErasureChannel", "Timeouts"]

_NOBODY = Entry(
    kiosk="",
    capture="probe",
    version=0,
    created_at=0,
    phone=None,
    email=None,
    consent_sms=False,
    consent_marketing=False,
    background_id=None,
    download_url="",
    width=0,
    height=0,
    file_size=0,
)


class PostgresChannel:
    """The lane `postgres`: the newest entry of each capture."""

    name = "postgres"
    remote = True
    concurrency = 1
    repeatable = True

    def __init__(self, url: str, *, timeouts: Timeouts | None = None) -> None:
        self._session = PostgresSession(url, timeouts or Timeouts())
        self._prepared = False

    def deliver(self, parcel: Parcel) -> Outcome:
        """Write the parcel's entry; a newer one that is there already stays."""
        entry = parcel.entry
        if entry is None:
            return Refused("There is no entry of this capture.")
        return self._outcome(
            lambda connection: self._write(connection, entry), f"{entry.kiosk}/{entry.capture}"
        )

    def look_up(self, parcel: Parcel) -> NotFound:  # noqa: ARG002 - the protocol's signature
        """Answer that nothing is known: an entry may simply be written again."""
        return NotFound()

    def probe(self) -> Outcome:
        """Write an entry as a delivery would, and take it back."""

        def try_it(connection: psycopg.Connection) -> None:
            with connection.transaction(force_rollback=True):
                self._write(connection, _NOBODY)

        return self._outcome(try_it, "")

    def public_base(self) -> None:
        """Return None: no photo is stored here."""

    def close(self) -> None:
        """Drop the connection."""
        self._session.close()

    def _write(self, connection: psycopg.Connection, entry: Entry) -> None:
        postgres_table.keep(connection, entry)

    def _outcome(self, work: Callable[[psycopg.Connection], None], reference: str) -> Outcome:
        def on_a_table(connection: psycopg.Connection) -> None:
            if not self._prepared:
                postgres_table.prepare(connection)
            work(connection)

        try:
            self._session.run(on_a_table)
        except FAILURES as error:
            outcome = classify(error)
            if isinstance(outcome, LanePaused):
                # The table may be gone, or somebody else's by now.
                self._prepared = False
            return outcome
        self._prepared = True
        return Delivered(reference)


class PostgresErasureChannel(PostgresChannel):
    """The lane `erase-postgres`: a tombstone without anything personal."""

    name = "erase-postgres"

    def _write(self, connection: psycopg.Connection, entry: Entry) -> None:
        postgres_table.erase(connection, entry)
