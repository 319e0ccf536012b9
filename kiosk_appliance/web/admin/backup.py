"""A backup to be carried away, packed while it is sent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from litestar import post
from litestar.di import NamedDependency
from litestar.response import Stream

from kiosk_appliance.core.identity import Caller
from kiosk_appliance.core.safekeeping import TakenAway
from kiosk_appliance.domain.audit import Action
from kiosk_appliance.web import queries
from kiosk_appliance.web.contract import care as described_care
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@post("/backup", status_code=200, opt=described_care.BACKUP)
async def back_up(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Stream:
    """Make a consistent backup now: one .tar.gz with `kiosk.db` in it, without secrets."""
    queries.only(request, ())
    taken = await kiosk.safekeeping.take_away()
    await kiosk.auditing.note(caller.actor, Action.BACKUP)
    made_at = datetime.fromtimestamp(taken.made_at_s, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"Content-Disposition": f'attachment; filename="kiosk-{made_at}.tar.gz"'}
    return Stream(_chunks(kiosk, taken), media_type=described_care.ARCHIVE, headers=headers)


async def _chunks(kiosk: UseCases, taken: TakenAway) -> AsyncIterator[bytes]:
    chunks = taken.packed()
    try:
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            # The packer keeps what it has not filled a block with.
            if chunk:
                yield chunk
    finally:
        kiosk.safekeeping.let_go(taken)


HANDLERS = (back_up,)
