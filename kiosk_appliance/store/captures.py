"""Rows of captures, and the answers kept for requests that come twice."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kiosk_appliance.domain.capture import Capture, Consent
from kiosk_appliance.store.database import Database, Transaction

# For so long a request that comes twice is answered as it was the first time.
KEPT_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer given under an Idempotency-Key; `body` is the exact JSON sent.

    `lived_ms` is when, in the time that the kiosk has lived through.
    """

    key: str
    fingerprint: str
    capture_id: str
    body: bytes
    lived_ms: int


class Captures:
    """The table of captures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, capture_id: str) -> Capture | None:
        """Return the capture with this id, erased ones included."""
        row = await self._database.one("select * from captures where id = ?", (capture_id,))
        return capture_of(row) if row else None

    async def find(self, key: str) -> Capture | None:
        """Return the capture whose token or id is `key`, erased ones included."""
        row = await self._database.one(
            "select * from captures where token = :key or id = :key", {"key": key}
        )
        return capture_of(row) if row else None

    async def synced(self, ids: Sequence[str], channels: Collection[str]) -> dict[str, bool]:
        """Return those that are not erased, and whether all on these channels is delivered."""
        rows = await self._database.all(SYNCED, (json.dumps([*channels]), json.dumps([*ids])))
        return {row["id"]: bool(row["is_synced"]) for row in rows}

    async def ids(self) -> set[str]:
        """Return the id of every capture that has not been erased."""
        rows = await self._database.all("select id from captures where erased_at is null")
        return {row["id"] for row in rows}

    async def photoless(self) -> set[str]:
        """Return the ids of those whose photo the kiosk gave up, or is about to erase."""
        rows = await self._database.all(
            "select id from captures where erased_at is null and given_up_at is not null"
            " union all"
            " select id from captures where erased_at is not null and forgotten_at is null"
        )
        return {row["id"] for row in rows}

    async def every_id(self) -> set[str]:
        """Return the id of every capture, erased ones included."""
        return {row["id"] for row in await self._database.all("select id from captures")}

    async def kept_answer(self, key: str, since: int) -> KeptAnswer | None:
        """Return the answer given under this key since `since` (lived milliseconds)."""
        row = await self._database.one(
            "select * from idempotency where key = ? and lived_ms >= ?", (key, since)
        )
        if row is None:
            return None
        return KeptAnswer(
            key=row["key"],
            fingerprint=row["fingerprint"],
            capture_id=row["capture_id"],
            body=row["answer"],
            lived_ms=row["lived_ms"],
        )


# Channels, then ids, each as a JSON list.
SYNCED = """
    select id, not exists (
        select 1 from deliveries
        where capture_id = captures.id and state <> 'delivered'
          and channel in (select value from json_each(?))
    ) as is_synced
    from captures
    where id in (select value from json_each(?)) and erased_at is null
"""


def insert(tx: Transaction, capture: Capture) -> None:
    """Add one capture."""
    tx.execute(
        """
        insert into captures (id, token, created_at, dated, download_url, width, height, file_size,
            sha256, phone, email, consent_sms, consent_marketing, background_id, version)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            capture.id,
            capture.token,
            capture.created_at,
            int(capture.dated),
            capture.download_url,
            capture.width,
            capture.height,
            capture.file_size,
            capture.sha256,
            capture.phone,
            capture.email,
            int(capture.consent.sms),
            int(capture.consent.marketing),
            capture.background_id,
            capture.version,
        ),
    )


def keep_answer(tx: Transaction, answer: KeptAnswer, expired: int) -> None:
    """Keep an answer for replays, and drop those given before `expired` (lived milliseconds)."""
    tx.execute("delete from idempotency where lived_ms < ?", (expired,))
    tx.execute(
        "insert into idempotency (key, fingerprint, capture_id, answer, lived_ms)"
        " values (?, ?, ?, ?, ?)",
        (answer.key, answer.fingerprint, answer.capture_id, answer.body, answer.lived_ms),
    )


def get_for_update(tx: Transaction, capture_id: str) -> Capture | None:
    """Return a capture as the running transaction sees it."""
    row = tx.execute("select * from captures where id = ?", (capture_id,)).fetchone()
    return capture_of(row) if row else None


def capture_of(row: sqlite3.Row) -> Capture:
    """Return a row of the table as a value."""
    return Capture(
        id=row["id"],
        token=row["token"],
        created_at=row["created_at"],
        download_url=row["download_url"],
        width=row["width"],
        height=row["height"],
        file_size=row["file_size"],
        sha256=row["sha256"],
        phone=row["phone"],
        email=row["email"],
        consent=Consent(sms=bool(row["consent_sms"]), marketing=bool(row["consent_marketing"])),
        background_id=row["background_id"],
        erased_at=row["erased_at"],
        version=row["version"],
        dated=bool(row["dated"]),
        given_up_at=row["given_up_at"],
    )
