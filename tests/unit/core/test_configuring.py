"""What an admin sets is in force at once, kept, audited, and can be taken back."""

import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.core.auditing import Auditing
from kiosk_appliance.core.configuring import Configuring
from kiosk_appliance.domain.audit import Actor
from kiosk_appliance.errors import InvalidRequest, Unavailable
from kiosk_appliance.settings import load
from kiosk_appliance.settings.declarations import DECLARATIONS
from kiosk_appliance.settings.overriding import as_json, problem_with
from kiosk_appliance.store import overrides
from kiosk_appliance.store.last_good import LastGood
from kiosk_appliance.store.overrides import OverridesCopy
from kiosk_appliance.store.paging import Window
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop

FILE = """
[guest]
countdown_seconds = 7
[sms]
quiet_hours = "22:00-08:00"
[admin]
api_key = "none of your business"
"""


@asynccontextmanager
async def configuring(folder: Path, text: str = FILE) -> AsyncIterator[tuple[Configuring, Any]]:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    async with opened(folder / "kiosk.db") as database:
        one = Configuring(
            load(file, {}),
            database=database,
            copy=OverridesCopy(folder / "overrides.json"),
            last_good=LastGood(folder / "last-good"),
            clock=SetClock(),
        )
        await one.begin()
        yield one, database


def items(one: Configuring) -> dict[str, Any]:
    return {item.key: item for item in one.document(has_password=True).items}


def test_every_key_is_listed_and_no_secret_shown(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, _):
            found = items(one)
            assert list(found) == list(DECLARATIONS)
            countdown = found["guest.countdown_seconds"]
            assert (countdown.value, countdown.default, countdown.origin) == (7, 3, "kiosk.toml")
            assert (countdown.minimum, countdown.maximum, countdown.unit) == (1, 30, "seconds")
            assert countdown.changeable
            key = found["admin.api_key"]
            assert (key.value, key.is_set, key.changeable) == (None, True, False)
            assert (found["ovh.consumer_key"].value, found["ovh.consumer_key"].is_set) == (
                None,
                False,
            )
            assert found["admin.password"].is_set
            assert found["sms.countries"].value == ["FR"]
            assert found["retention.local_after_sync"].value == "7 days"

    in_loop(go())


def test_a_change_is_in_force_at_once_kept_and_audited(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, database):
            wanted = {
                "guest.countdown_seconds": 5,
                "guest.idle_timeout": "2 min",
                "sms.countries": ["BE", "FR"],
                "sms.quiet_hours": "23:00-06:00",
            }
            await one.change(Actor.API_KEY, wanted)
            now = one.current()
            assert (now.guest.countdown_seconds, now.guest.idle_timeout) == (5, 120)
            assert now.sms.countries == ("BE", "FR")
            assert items(one)["guest.countdown_seconds"].origin == "admin"
            # The same again is no change.
            await one.change(Actor.API_KEY, wanted)
            page = await Auditing(database, SetClock()).page(Window(50))
            noted = {(item.actor, item.action, item.target, item.detail) for item in page.items}
            assert ("api-key", "config", "guest.countdown_seconds", "7 -> 5") in noted
            assert page.total == len(wanted)
        async with configuring(tmp_path) as (again, _):
            assert again.current() == now

    in_loop(go())


def test_null_takes_it_back(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, _):
            before = one.current()
            await one.change(Actor.ADMIN, {"guest.countdown_seconds": 5, "guest.retakes": 9})
            await one.change(Actor.ADMIN, {"guest.countdown_seconds": None, "sms.text": None})
            assert one.current().guest.countdown_seconds == 7
            await one.change(Actor.ADMIN, {"guest.retakes": None})
            assert one.current() == before
        async with configuring(tmp_path) as (again, database):
            assert again.current() == before
            assert await overrides.every(database) == {}

    in_loop(go())


def test_all_or_nothing_and_every_wrong_key_is_named(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, database):
            before = one.current()
            wrong = {
                "guest.retakes": 5,
                "guest.countdown_seconds": 31,
                "guest.idle_timeout": 45,
                "guest.welcome": "Hello",
                "sms.text": "no place for it",
                "photo.quality": 90,
                "admin.api_key": "mine",
                "admin.password": "correct horse battery",
            }
            with pytest.raises(InvalidRequest) as refused:
                await one.change(Actor.ADMIN, wrong)
            named = {error.field for error in refused.value.errors}
            assert named == set(wrong) - {"guest.retakes"}
            assert one.current() == before
            assert await overrides.every(database) == {}

    in_loop(go())


def test_a_kept_value_that_is_none_any_more_is_left_aside(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (_, database):
            await database.write(lambda tx: overrides.put(tx, "guest.countdown_seconds", "99"))
            await database.write(lambda tx: overrides.put(tx, "guest.gone", "1"))
            await database.write(lambda tx: overrides.put(tx, "guest.retakes", "9"))
        async with configuring(tmp_path) as (one, _):
            assert one.current().guest.countdown_seconds == 7
            assert one.current().guest.retakes == 9

    in_loop(go())


def copied(folder: Path) -> dict[str, str] | None:
    return OverridesCopy(folder / "overrides.json").read()


def test_an_answered_change_is_in_the_copy_too(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, database):
            assert copied(tmp_path) is None
            await one.change(Actor.ADMIN, {"guest.retakes": 9, "sms.text": "Voil\u00e0 : {link}"})
            assert copied(tmp_path) == await overrides.every(database)
            await one.change(Actor.ADMIN, {"guest.retakes": None, "sms.text": None})
            assert copied(tmp_path) == await overrides.every(database) == {}
        assert stat.S_IMODE((tmp_path / "overrides.json").stat().st_mode) == 0o600

    in_loop(go())


def test_after_a_power_cut_between_the_two_writes_the_database_decides(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, _):
            await one.change(Actor.ADMIN, {"guest.retakes": 9})
        OverridesCopy(tmp_path / "overrides.json").write({"guest.retakes": "1", "gone": "[]"})
        async with configuring(tmp_path) as (again, _):
            assert again.current().guest.retakes == 9
        assert copied(tmp_path) == {"guest.retakes": "9"}

    in_loop(go())


def test_what_either_disk_does_not_take_is_in_neither(tmp_path: Path) -> None:
    async def go() -> None:
        async with configuring(tmp_path) as (one, database):
            await one.change(Actor.ADMIN, {"guest.retakes": 9})
            kept = copied(tmp_path)
            with closing(sqlite3.connect(tmp_path / "kiosk.db")) as another:
                another.execute("begin immediate")
                with pytest.raises(Unavailable):
                    await one.change(Actor.ADMIN, {"guest.retakes": 5})
            assert copied(tmp_path) == kept
            (tmp_path / "overrides.json").unlink()
            (tmp_path / "overrides.json").mkdir()
            with pytest.raises(Unavailable):
                await one.change(Actor.ADMIN, {"guest.retakes": 5})
            assert await overrides.every(database) == kept
            assert one.current().guest.retakes == 9
        async with configuring(tmp_path) as (again, _):
            assert again.current().guest.retakes == 9

    in_loop(go())


@pytest.mark.parametrize("key", DECLARATIONS)
def test_every_default_is_shown_as_it_would_be_set(key: str) -> None:
    declaration = DECLARATIONS[key]
    shown = as_json(declaration, declaration.terms.default)
    if shown is not None:
        assert declaration.terms.kind.read(shown) == declaration.terms.default


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(DECLARATIONS)) | st.text(max_size=30), _JSON)
def test_any_value_of_any_key_is_judged(key: str, value: object) -> None:
    problem = problem_with(key, value)
    assert problem is None or problem.endswith((".", "?"))
