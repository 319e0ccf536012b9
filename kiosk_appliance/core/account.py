"""The admin's account: the password, where it comes from, and the key that signs tokens.

A change of the password or the key ends every token, and is audited. Judges no request.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import msgspec

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.hashing import Hashing
from kiosk_appliance.domain.audit import Action, Actor, Entry
from kiosk_appliance.errors import InvalidRequest, Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.settings.passwords import weakness
from kiosk_appliance.store import audit, sessions
from kiosk_appliance.store.credentials import Credentials, CredentialsFile
from kiosk_appliance.store.database import Database, Transaction

# Before the beginning: nothing can be signed with an empty key.
_NOBODY = Credentials(token_key=b"")


class Account:
    """The one admin of this kiosk. `begin` comes first."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        credentials: CredentialsFile,
        database: Database,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._file = credentials
        self._database = database
        self._clock = clock
        self._hashing = Hashing()
        self._credentials = _NOBODY

    async def begin(self) -> None:
        """Read what is known, or make a key; then take a changed password file over."""
        found = await asyncio.to_thread(self._file.read)
        self._credentials = found or Credentials(token_key=ids.new_key())
        if found is None:
            # On a full disk the next start makes another key; the logins of this one end with it.
            with suppress(Unavailable):
                await self._keep(self._credentials)
        await self.take_file_over()

    @property
    def has_password(self) -> bool:
        """Say whether there is a password to log in with."""
        return self._credentials.password is not None

    @property
    def token_key(self) -> bytes:
        """Return the key that signs tokens now."""
        return self._credentials.token_key

    async def verify(self, password: str) -> bool:
        """Say whether this is the password. Raises Unavailable where too many ask at once."""
        hashed = self._credentials.password
        return hashed is not None and await self._hashing.verify(password, hashed)

    async def set_password(self, password: str, field: str, actor: Actor, detail: str) -> None:
        """Set the password; raises InvalidRequest naming `field`, Unavailable for the disk."""
        problem = weakness(password)
        if problem is not None:
            raise InvalidRequest.field(field, f"{problem[0].upper()}{problem[1:]}.")
        hashed = await self._hashing.hash(password)
        changed = _with_new_key(hashed, self._credentials.taken_from_file)
        await self._replace(changed, actor, detail)

    async def rotate_key(self, actor: Actor) -> None:
        """Sign with a new key from now on. Raises Unavailable for the disk."""
        await self._keep(msgspec.structs.replace(self._credentials, token_key=ids.new_key()))
        await self._end_sessions(entry(self._clock, actor, Action.KEY, detail="rotated"))

    async def take_file_over(self) -> None:
        """Let a password file count whose content is not the one that was taken over last.

        Raises Unavailable where too many passwords are tried at once.
        """
        given = self._settings().admin.password
        if given is None:
            return
        last = self._credentials.taken_from_file
        if last is not None and await self._hashing.verify(given.reveal(), last):
            return
        hashed = await self._hashing.hash(given.reveal())
        changed = _with_new_key(hashed, hashed)
        # On a full disk it counts all the same, and is taken over again at the next start.
        with suppress(Unavailable):
            await self._replace(changed, Actor.CLI, "taken from password_file")
        self._credentials = changed

    async def _replace(self, changed: Credentials, actor: Actor, detail: str) -> None:
        await self._keep(changed)
        await self._end_sessions(entry(self._clock, actor, Action.PASSWORD, detail=detail))

    async def _keep(self, credentials: Credentials) -> None:
        await asyncio.to_thread(self._file.write, credentials)
        self._credentials = credentials

    async def _end_sessions(self, noted: Entry) -> None:
        def work(tx: Transaction) -> None:
            sessions.end_all(tx)
            audit.append(tx, noted)

        await self._database.write(work)


def _with_new_key(password: str, from_file: str | None) -> Credentials:
    """Return another password's credentials: the very write that changes it ends all tokens."""
    return Credentials(token_key=ids.new_key(), password=password, taken_from_file=from_file)
