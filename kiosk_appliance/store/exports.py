"""Captures in the order of their dates, a part at a time, as an export reads them."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from kiosk_appliance.store.reader import Reads


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the order an export has come to; the first part begins behind it."""

    created_at: int
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """A capture and how far it has come; `created_at` is UTC milliseconds."""

    place: Place
    id: str
    phone: str | None
    email: str | None
    consent_sms: bool
    consent_marketing: bool
    background_id: str | None
    background: str | None
    width: int
    height: int
    file_size: int
    is_synced: bool
    sms_sent: bool


async def part(
    database: Reads, behind: Place, until: int, counting: Collection[str], limit: int
) -> list[Exported]:
    """Return the next captures that were taken before `until` and are not erased.

    `counting` are the channels that have to be delivered for a capture to be synced.
    """
    rows = await database.all(
        """
        select captures.seq, captures.created_at, captures.id, phone, email, consent_sms,
            consent_marketing, background_id, backgrounds.name as background, captures.width,
            captures.height, captures.file_size,
            not exists (
                select 1 from deliveries
                where capture_id = captures.id and state <> 'delivered'
                    and channel in (select value from json_each(:counting))
            ) as is_synced,
            exists (
                select 1 from deliveries
                where capture_id = captures.id and channel = 'sms' and state = 'delivered'
            ) as sms_sent
        from captures left join backgrounds on backgrounds.id = background_id
        where erased_at is null and captures.created_at < :until
            and (captures.created_at, captures.seq) > (:created_at, :seq)
        order by captures.created_at, captures.seq limit :limit
        """,
        {
            "counting": json.dumps([*counting]),
            "until": until,
            "created_at": behind.created_at,
            "seq": behind.seq,
            "limit": limit,
        },
    )
    return [_exported(row) for row in rows]


def _exported(row: sqlite3.Row) -> Exported:
    return Exported(
        place=Place(row["created_at"], row["seq"]),
        id=row["id"],
        phone=row["phone"],
        email=row["email"],
        consent_sms=bool(row["consent_sms"]),
        consent_marketing=bool(row["consent_marketing"]),
        background_id=row["background_id"],
        background=row["background"],
        width=row["width"],
        height=row["height"],
        file_size=row["file_size"],
        is_synced=bool(row["is_synced"]),
        sms_sent=bool(row["sms_sent"]),
    )
