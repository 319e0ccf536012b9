"""The settings in force: kiosk.toml, and over it what an admin has set.

Everybody who asks for the settings asks here, so that a change is in force at once.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

import msgspec
import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.errors import FieldError, InvalidRequest, SettingsInvalid, Unavailable
from kiosk_appliance.settings import Loaded, Settings
from kiosk_appliance.settings.declarations import DECLARATIONS
from kiosk_appliance.settings.declaring import Declaration
from kiosk_appliance.settings.mistakes import MistakesFound
from kiosk_appliance.settings.overriding import (
    Value,
    as_json,
    is_changeable,
    overridden,
    problem_with,
    value_of,
)
from kiosk_appliance.settings.reading import DEFAULT, FILE
from kiosk_appliance.settings.renewal import differing, in_force
from kiosk_appliance.store import audit, overrides
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.last_good import LastGood
from kiosk_appliance.store.overrides import OverridesCopy

log = structlog.get_logger("settings")

ADMIN = "admin"
_SHOWN = 100


class ConfigItem(msgspec.Struct, frozen=True, kw_only=True):
    """One key; a secret's value is null, and `set` says whether there is one."""

    key: str
    value: Value
    default: Value
    origin: str
    changeable: bool
    unit: str | None
    minimum: str | int | None
    maximum: str | int | None
    is_set: bool | msgspec.UnsetType = msgspec.field(name="set", default=msgspec.UNSET)
    restart_needed: bool | msgspec.UnsetType = msgspec.UNSET


class Config(msgspec.Struct, frozen=True):
    """Every key of the settings; `problem` says why the file as it is now is not in force."""

    items: list[ConfigItem]
    problem: str | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class Reloaded:
    """The keys that have changed, and those that wait for a restart."""

    changed: list[str]
    waiting: frozenset[str]


class Configuring:
    """The settings, and the admin's hand on them. `begin` comes before anybody is served."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        database: Database,
        copy: OverridesCopy,
        last_good: LastGood,
        clock: Clock,
    ) -> None:
        self._loaded = loaded
        self._database = database
        self._copy = copy
        self._last_good = last_good
        self._clock = clock
        self._values: dict[str, Value] = {}
        self._settings = loaded.settings
        self._changing = asyncio.Lock()
        self._waiting: frozenset[str] = frozenset()
        self._problem: str | None = None

    def current(self) -> Settings:
        """Return the settings in force."""
        return self._settings

    async def begin(self) -> None:
        """Put in force what an admin has set earlier, as far as it still is a value."""
        for key, text in (await overrides.every(self._database)).items():
            value = json.loads(text)
            if problem_with(key, value) is None:
                self._values[key] = value
            else:
                log.warning("setting_not_taken", key=key)
        await self._copy_again()
        self._settings = overridden(self._loaded.settings, self._values)
        if self._loaded.in_place_of is not None:
            self.refuse(self._loaded.in_place_of)

    def preview(self, loaded: Loaded) -> Settings:
        """Return the settings that would be in force with this file."""
        held, _ = in_force(self._loaded.settings, loaded.settings)
        return overridden(held, self._values)

    async def take(self, loaded: Loaded) -> Reloaded:
        """Go by this file from now on, short of what needs a restart."""
        async with self._changing:
            before = self._settings
            held, self._waiting = in_force(self._loaded.settings, loaded.settings)
            origins = {key: self._loaded.origins[key] for key in self._waiting}
            self._loaded = replace(loaded, settings=held, origins=loaded.origins | origins)
            self._settings = overridden(held, self._values)
            self._problem = None
        return Reloaded(differing(before, self._settings), self._waiting)

    async def keep_as_good(self) -> None:
        """Keep the file for a start that finds it broken, once all that it says is in force.

        A disk that takes no copy keeps nobody from being served.
        """
        if self._loaded.source is None or self._waiting:
            return
        try:
            await asyncio.to_thread(self._last_good.keep, self._loaded.content)
        except Unavailable as error:
            log.warning("last_good_not_kept", reason=error.detail)

    def refuse(self, error: SettingsInvalid) -> None:
        """Note and log why the file as it is now can't be used; what is in force stays so."""
        mistakes = error.mistakes if isinstance(error, MistakesFound) else ()
        lines = [one.headline for one in mistakes] or [error.detail]
        hints = [one.suggestion or one.allowed for one in mistakes[:1]]
        more = f" ({len(lines) - 1} more)" if len(lines) > 1 else ""
        self._problem = f"{lines[0]}{more}"
        log.error("settings_refused", mistakes=lines, hint="".join(hints), kept="the last good")

    def alarm(self) -> str | None:
        """Return what somebody has to mend in kiosk.toml, in plain words; None for nothing."""
        if self._problem is None:
            return None
        return (
            f"kiosk.toml can't be used, and the last good settings go on: {self._problem}. Mend"
            " it, see that `kiosk-appliance check` calls it good, and reload."
        )

    def document(self, *, has_password: bool) -> Config:
        """Return every key with its value and where that comes from."""
        items = [self._item(one, has_password) for one in DECLARATIONS.values()]
        return Config(items, self.alarm() or msgspec.UNSET)

    async def change(self, actor: Actor, wanted: Mapping[str, object]) -> None:
        """Set values, or take them back (None): all or nothing, in force at once, audited.

        Raises InvalidRequest naming each key that is wrong, unknown or not to be changed, and
        Unavailable where the disk takes no change.
        """
        judged = ((key, problem_with(key, value)) for key, value in wanted.items())
        wrong = (FieldError(key[:_SHOWN], problem) for key, problem in judged if problem)
        # Whoever sends a megabyte of made-up keys gets none back.
        errors = tuple(islice(wrong, len(DECLARATIONS)))
        if errors:
            raise InvalidRequest("Nothing was changed; see errors.", errors=errors)
        async with self._changing:
            asked = {**self._values, **wanted}
            given = {key: value for key, value in asked.items() if value is not None}
            settings = overridden(self._loaded.settings, given)
            values = {key: value_of(settings, DECLARATIONS[key]) for key in given}
            # The copy first: what is answered for is in both, whenever the power is cut.
            await asyncio.to_thread(self._copy.write, _in_json(values))
            try:
                await self._database.write(lambda tx: self._write(tx, actor, values, settings))
            except Unavailable:
                await self._copy_again()
                raise
            self._values, self._settings = values, settings

    async def _copy_again(self) -> None:
        """Let the copy say what holds; a disk that takes none keeps nobody from being served."""
        try:
            await asyncio.to_thread(self._copy.write, _in_json(self._values))
        except Unavailable as error:
            log.warning("overrides_not_copied", reason=error.detail)

    def _write(
        self, tx: Transaction, actor: Actor, values: Mapping[str, Value], settings: Settings
    ) -> None:
        for key in sorted(self._values.keys() | values.keys()):
            if key in values and values[key] != self._values.get(key):
                overrides.put(tx, key, json.dumps(values[key]))
            elif key not in values:
                overrides.drop(tx, key)
            else:
                continue
            before, after = (
                json.dumps(value_of(one, DECLARATIONS[key]), ensure_ascii=False)
                for one in (self._settings, settings)
            )
            detail = f"{before} -> {after}"[:_SHOWN]
            audit.append(tx, entry(self._clock, actor, Action.CONFIG, key, detail))

    def _item(self, declaration: Declaration, has_password: bool) -> ConfigItem:
        terms, key = declaration.terms, declaration.key
        is_set: bool | msgspec.UnsetType = msgspec.UNSET
        if key == "admin.password":
            is_set = has_password
        elif declaration.secret:
            table = getattr(self._settings, declaration.table)
            is_set = getattr(table, declaration.name) is not None
        return ConfigItem(
            key=key,
            value=value_of(self._settings, declaration),
            default=as_json(declaration, terms.default),
            origin=self._origin(key),
            changeable=is_changeable(declaration),
            unit=terms.kind.unit or None,
            minimum=terms.kind.minimum,
            maximum=terms.kind.maximum,
            is_set=is_set,
            restart_needed=key in self._waiting or msgspec.UNSET,
        )

    def _origin(self, key: str) -> str:
        if key in self._values:
            return ADMIN
        # A credential stands for a line of the file.
        return DEFAULT if self._loaded.origins[key] == DEFAULT else FILE


def _in_json(values: Mapping[str, Value]) -> dict[str, str]:
    return {key: json.dumps(value) for key, value in values.items()}
