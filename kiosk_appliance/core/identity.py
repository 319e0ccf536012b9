"""Who asks: the first start's code, logins, tokens, the API key.

Every login, failed ones too, and every logout is audited. Knows no HTTP and no hash.
"""

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core import tokens
from kiosk_appliance.core.account import Account
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.tokens import Claims
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.throttle import Throttle, neighbourhood
from kiosk_appliance.errors import FieldError, KioskError, NotFound, TooMany, Unauthenticated
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import audit, sessions
from kiosk_appliance.store.database import Database, Transaction

_CODE_LIFE_MS = 30 * 60 * 1000
_MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever has proved who they are; `session` is what a logout ends."""

    actor: Actor
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a login hands out, and for how many seconds."""

    token: str
    expires_in: int


class Identity:
    """The use cases of whoever wants in. `begin` comes first."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        account: Account,
        database: Database,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._account = account
        self._database = database
        self._clock = clock
        self._throttle = Throttle()
        # Where a login has succeeded, nobody else's failures keep the admin out.
        self._proven: deque[str] = deque(maxlen=_MOST_PLACES)
        self._changing = asyncio.Lock()
        self._code: str | None = None
        self._code_until_ms = 0

    async def begin(self) -> None:
        """Learn who the admin is; without a password, the set-up code holds from now on."""
        await self._account.begin()
        if not self._account.has_password:
            self._code = ids.new_code()
            self._code_until_ms = self._clock.monotonic_ms() + _CODE_LIFE_MS

    async def take_password_file_over(self) -> None:
        """Let the password file count if its content has changed; raises Unavailable."""
        await self._account.take_file_over()

    @property
    def has_password(self) -> bool:
        """Say whether anybody can log in at all."""
        return self._account.has_password

    @property
    def setup_code(self) -> str | None:
        """Return the code of the first start while it can be used."""
        in_time = self._clock.monotonic_ms() < self._code_until_ms
        return self._code if in_time and not self._account.has_password else None

    async def set_up(self, code: str, password: str, address: str) -> None:
        """Set the first password, with the code that the first start has shown.

        Raises NotFound once there is a password, Unauthenticated, TooMany and InvalidRequest.
        """
        async with self._changing:
            if self._account.has_password:
                raise NotFound("There is nothing at this address.")
            place = neighbourhood(address)
            self._try(place)
            known = self.setup_code
            if known is None:
                raise Unauthenticated("The set-up code has expired; restart the kiosk for another.")
            if not _same(_letters(code), _letters(known)):
                raise Unauthenticated("This is not the set-up code that the log shows.")
            self._throttle.succeeded(place)
            await self._account.set_password(password, "password", Actor.ADMIN, "set up")

    async def log_in(self, username: str, password: str, address: str) -> Granted:
        """Begin a session; a wrong name takes as long as a wrong password, and is told the same.

        Raises Unauthenticated, and TooMany before anything is tried.
        """
        place = neighbourhood(address)
        name = f"name {_digest(username).hex()}"
        tried = (place,) if place in self._proven else (place, name)
        self._try(*tried)
        # Taken now: a token must not outlive a change of the password that comes meanwhile.
        key = self._account.token_key
        is_right = await self._account.verify(password)
        if not (_same(username, self._settings().admin.username) and is_right):
            noted = entry(self._clock, Actor.GUEST, Action.LOGIN, address, "refused")
            await self._database.write(lambda tx: audit.append(tx, noted))
            raise Unauthenticated("The name or the password is wrong.")
        for each in (place, name):
            self._throttle.succeeded(each)
        if place not in self._proven:
            self._proven.append(place)
        return await self._begin_session(username, key, address)

    async def _begin_session(self, username: str, key: bytes, address: str) -> Granted:
        now = self._clock.now_ms()
        life_s = int(self._settings().admin.session)
        claims = Claims(username, ids.new_id(), now // 1000, now // 1000 + life_s)
        noted = entry(self._clock, Actor.ADMIN, Action.LOGIN, address)

        def work(tx: Transaction) -> None:
            sessions.begin(tx, claims.session, claims.expires_at * 1000, now)
            audit.append(tx, noted)

        await self._database.write(work)
        return Granted(await asyncio.to_thread(tokens.sign, claims, key), life_s)

    async def of_token(self, token: str) -> Caller | None:
        """Return whose token this is, or None where it does not hold (any more)."""
        claims = await asyncio.to_thread(tokens.read, token, self._account.token_key)
        if claims is None or not claims.hold_at(self._clock.now_ms() // 1000):
            return None
        if claims.username != self._settings().admin.username:
            return None
        if not await sessions.is_open(self._database, claims.session):
            return None
        return Caller(Actor.ADMIN, claims.session)

    def of_api_key(self, key: str) -> Caller | None:
        """Return the program that knows the API key, or None."""
        known = self._settings().admin.api_key
        is_right = known is not None and _same(key, known.reveal())
        return Caller(Actor.API_KEY) if is_right else None

    async def log_out(self, caller: Caller) -> None:
        """Revoke the caller's token; an API key has nothing to be revoked."""
        session = caller.session
        if session is None:
            return
        noted = entry(self._clock, caller.actor, Action.LOGOUT)

        def work(tx: Transaction) -> None:
            if sessions.end(tx, session):
                audit.append(tx, noted)

        await self._database.write(work)

    async def change_password(self, caller: Caller, current: str, new: str, address: str) -> None:
        """Set another password, which revokes every token.

        Raises KioskError `forbidden` where `current` is wrong, TooMany and InvalidRequest.
        """
        place = neighbourhood(address)
        async with self._changing:
            self._try(place)
            if not await self._account.verify(current):
                raise KioskError(
                    "The current password is wrong.",
                    code="forbidden",
                    title="Wrong password",
                    status=403,
                    errors=(FieldError("current", "This is not the current password."),),
                )
            self._throttle.succeeded(place)
            await self._account.set_password(new, "new", caller.actor, "changed")

    async def set_password(self, password: str) -> None:
        """Set a password by command, which revokes every token. Raises InvalidRequest."""
        async with self._changing:
            await self._account.set_password(password, "password", Actor.CLI, "set")

    async def rotate_key(self) -> None:
        """Sign with a new key from now on, by command: every token ends."""
        async with self._changing:
            await self._account.rotate_key(Actor.CLI)

    def _try(self, *names: str) -> None:
        """Count a try for each name; raises TooMany where one of them has to wait."""
        now = self._clock.monotonic_ms() / 1000
        wait = max(self._throttle.wait_s(name, now) for name in names)
        if wait:
            raise TooMany("Too many tries; wait a little.", retry_after_s=wait)
        for name in names:
            self._throttle.tried(name, now)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _same(given: str, known: str) -> bool:
    """Compare in a time that tells nothing of what is known, not even its length."""
    return hmac.compare_digest(_digest(given), _digest(known))


def _letters(code: str) -> str:
    """Return a code as it counts, however it was typed."""
    return "".join(character for character in code.upper() if character.isalnum())
