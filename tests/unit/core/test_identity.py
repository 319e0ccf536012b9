"""First start, password, tokens: over real files and a real database, in a time that is set."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from kiosk_appliance.core.account import Account
from kiosk_appliance.core.auditing import Auditing
from kiosk_appliance.core.identity import Identity
from kiosk_appliance.domain.audit import Actor
from kiosk_appliance.errors import InvalidRequest, KioskError, NotFound, TooMany, Unauthenticated
from kiosk_appliance.settings import Secret, Settings
from kiosk_appliance.store.credentials import CredentialsFile
from kiosk_appliance.store.paging import Window
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop

GOOD, OTHER = "correct horse battery", "another horse battery"
HERE, THERE = "192.0.2.1", "198.51.100.1"
MINUTE_MS = 60_000


@dataclass
class Kiosk:
    """A folder that outlives its process, and what kiosk.toml says."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    settings: Settings = field(default_factory=Settings)

    def given(self, **admin: Any) -> None:
        self.settings = replace(self.settings, admin=replace(self.settings.admin, **admin))

    @asynccontextmanager
    async def started(self) -> AsyncIterator["Running"]:
        async with opened(self.folder / "kiosk.db") as database:
            settings: Callable[[], Settings] = lambda: self.settings  # noqa: E731
            account = Account(
                settings=settings,
                credentials=CredentialsFile(self.folder / "credentials.json"),
                database=database,
                clock=self.clock,
            )
            identity = Identity(
                settings=settings, account=account, database=database, clock=self.clock
            )
            await identity.begin()
            yield Running(identity, Auditing(database, self.clock))


@dataclass
class Running:
    identity: Identity
    auditing: Auditing

    async def trail(self) -> list[tuple[str, str, str | None]]:
        page = await self.auditing.page(Window(50))
        return [(one.actor, one.action, one.detail) for one in page.items]

    async def token(self, password: str = GOOD, address: str = HERE) -> str:
        return (await self.identity.log_in("admin", password, address)).token

    async def holds(self, token: str) -> bool:
        return await self.identity.of_token(token) is not None


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


# --- first start ----------------------------------------------------------------------------------


def test_the_code_sets_the_first_password_once(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            code = now.identity.setup_code
            assert code
            typed = code.replace("-", " ").lower()
            with pytest.raises(InvalidRequest):
                await now.identity.set_up(code, "short", HERE)
            await now.identity.set_up(typed, GOOD, HERE)
            assert now.identity.setup_code is None
            with pytest.raises(NotFound):
                await now.identity.set_up(code, OTHER, HERE)
            assert await now.holds(await now.token())
        async with kiosk.started() as later:
            assert later.identity.setup_code is None

    in_loop(go())


def test_a_wrong_code_sets_nothing_and_has_to_wait(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            for _ in range(5):
                with pytest.raises(Unauthenticated):
                    await now.identity.set_up("AAAA-AAAA-AAAA", GOOD, HERE)
            with pytest.raises(TooMany) as refused:
                await now.identity.set_up(now.identity.setup_code or "", GOOD, HERE)
            kiosk.clock.pass_ms((refused.value.retry_after_s or 0) * 1000)
            await now.identity.set_up(now.identity.setup_code or "", GOOD, HERE)

    in_loop(go())


def test_the_code_ends_after_half_an_hour_whatever_the_clock_says(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            code = now.identity.setup_code or ""
            kiosk.clock.step(400 * 24 * 60 * MINUTE_MS)
            kiosk.clock.pass_ms(30 * MINUTE_MS - 1)
            assert now.identity.setup_code == code
            kiosk.clock.pass_ms(1)
            assert now.identity.setup_code is None
            with pytest.raises(Unauthenticated, match="expired"):
                await now.identity.set_up(code, GOOD, HERE)
        async with kiosk.started() as again:
            assert again.identity.setup_code not in {None, code}

    in_loop(go())


# --- tokens ---------------------------------------------------------------------------------------


def test_tokens_survive_a_restart_and_end_in_time(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
        async with kiosk.started() as later:
            assert await later.holds(token)
            kiosk.clock.pass_ms(24 * 60 * MINUTE_MS - 1_000)
            assert await later.holds(token)
            kiosk.clock.pass_ms(1_000)
            assert not await later.holds(token)

    in_loop(go())


def test_a_token_of_a_future_that_never_came_does_not_hold(kiosk: Kiosk) -> None:
    async def go() -> None:
        kiosk.clock.step(3 * 365 * 24 * 60 * MINUTE_MS)
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
            assert await now.holds(token)
            kiosk.clock.step(-3 * 365 * 24 * 60 * MINUTE_MS)
            assert not await now.holds(token)

    in_loop(go())


def test_logout_revokes_one_token_only(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            first, second = await now.token(), await now.token()
            caller = await now.identity.of_token(first)
            assert caller is not None
            await now.identity.log_out(caller)
            await now.identity.log_out(caller)
            assert not await now.holds(first)
            assert await now.holds(second)
        async with kiosk.started() as later:
            assert not await later.holds(first)
            assert (await later.trail())[0] == ("admin", "logout", None)
            assert [one for one in await later.trail() if one[1] == "logout"] == [
                ("admin", "logout", None)
            ]

    in_loop(go())


def test_a_new_password_a_new_key_and_another_name_end_every_token(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
            caller = await now.identity.of_token(token)
            assert caller is not None
            with pytest.raises(KioskError) as refused:
                await now.identity.change_password(caller, OTHER, OTHER, HERE)
            assert refused.value.code == "forbidden"
            with pytest.raises(InvalidRequest) as poor:
                await now.identity.change_password(caller, GOOD, "short", HERE)
            assert poor.value.errors[0].field == "new"
            assert await now.holds(token)
            await now.identity.change_password(caller, GOOD, OTHER, HERE)
            assert not await now.holds(token)
            with pytest.raises(Unauthenticated):
                await now.token(GOOD)
            token = await now.token(OTHER)
            await now.identity.rotate_key()
            assert not await now.holds(token)
            token = await now.token(OTHER)
            kiosk.given(username="somebody else")
            assert not await now.holds(token)

    in_loop(go())


def test_a_lost_database_ends_the_logins_and_keeps_the_password(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
        for file in kiosk.folder.glob("kiosk.db*"):
            file.unlink()
        async with kiosk.started() as later:
            assert not await later.holds(token)
            assert later.identity.setup_code is None
            await later.token(GOOD)

    in_loop(go())


def test_damaged_credentials_open_the_first_start_again(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
        (kiosk.folder / "credentials.json").write_text('{"password": 7}', encoding="utf-8")
        async with kiosk.started() as later:
            assert not await later.holds(token)
            assert later.identity.setup_code

    in_loop(go())


def test_secrets_lie_in_one_file_that_only_the_owner_reads(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            token = await now.token()
        file = kiosk.folder / "credentials.json"
        assert file.stat().st_mode & 0o777 == 0o600
        assert "$argon2id$" in file.read_text("utf-8")
        database = b"".join(path.read_bytes() for path in kiosk.folder.glob("kiosk.db*"))
        for secret in (b"argon2", GOOD.encode(), token.rpartition(".")[2].encode()):
            assert secret not in database

    in_loop(go())


# --- logins ---------------------------------------------------------------------------------------


def test_unknown_names_are_told_what_wrong_passwords_are(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            said = []
            for name, password in (("admin", OTHER), ("nobody", GOOD), ("Admin", GOOD)):
                with pytest.raises(Unauthenticated) as refused:
                    await now.identity.log_in(name, password, HERE)
                said.append((refused.value.detail, refused.value.code, refused.value.errors))
            assert len(set(said)) == 1
            assert (await now.trail())[:3] == [("guest", "login", "refused")] * 3

    in_loop(go())


def test_failures_elsewhere_slow_a_name_down_but_not_where_the_admin_is_known(
    kiosk: Kiosk,
) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            await now.token(address=HERE)
            for _ in range(5):
                with pytest.raises(Unauthenticated):
                    await now.token(OTHER, THERE)
            for address in (THERE, "203.0.113.9"):
                with pytest.raises(TooMany) as refused:
                    await now.token(GOOD, address)
                assert refused.value.retry_after_s == 1
            await now.token(GOOD, HERE)

    in_loop(go())


def test_an_address_is_slowed_down_whatever_names_it_tries(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            await now.identity.set_password(GOOD)
            for number in range(5):
                with pytest.raises(Unauthenticated):
                    await now.identity.log_in(f"name {number}", GOOD, THERE)
            with pytest.raises(TooMany):
                await now.token(GOOD, THERE)
            kiosk.clock.pass_ms(1_000)
            await now.token(GOOD, THERE)

    in_loop(go())


def test_without_a_password_nobody_gets_in(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            for password in ("", now.identity.setup_code or ""):
                with pytest.raises(Unauthenticated):
                    await now.token(password)

    in_loop(go())


def test_api_key_is_off_without_one(kiosk: Kiosk) -> None:
    async def go() -> None:
        async with kiosk.started() as now:
            assert now.identity.of_api_key("") is None
            kiosk.given(api_key=Secret("a-key"))
            assert now.identity.of_api_key("a-ke") is None
            caller = now.identity.of_api_key("a-key")
            assert caller is not None
            assert caller.actor is Actor.API_KEY
            await now.identity.log_out(caller)

    in_loop(go())


# --- the password file ----------------------------------------------------------------------------


def test_a_password_file_counts_until_somebody_sets_another_and_again_when_it_changes(
    kiosk: Kiosk,
) -> None:
    async def go() -> None:
        kiosk.given(password=Secret(GOOD))
        async with kiosk.started() as now:
            assert now.identity.setup_code is None
            token = await now.token(GOOD)
        async with kiosk.started() as unchanged:
            assert await unchanged.holds(token)
            await unchanged.identity.set_password(OTHER)
        async with kiosk.started() as set_by_command:
            token = await set_by_command.token(OTHER)
            with pytest.raises(Unauthenticated):
                await set_by_command.token(GOOD)
        kiosk.given(password=Secret("a third horse battery"))
        async with kiosk.started() as changed:
            assert not await changed.holds(token)
            await changed.token("a third horse battery")

    in_loop(go())
