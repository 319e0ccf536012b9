"""Adds, lists, changes and removes backgrounds, and gives a new kiosk its first ones."""

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import structlog

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.paging import Page, page_of
from kiosk_appliance.domain.audit import Action, Actor, Entry
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import InvalidRequest, KioskError, NotFound
from kiosk_appliance.imaging import originals
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.disk import disk_fault, reason, too_many_open
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.paging import Window

if TYPE_CHECKING:
    from kiosk_appliance.imaging.backgrounds import BackgroundFacts

log = structlog.get_logger("curation")

T = TypeVar("T")

_NAME_MAX = 80
_ORDER_MAX = 999_999
# Control characters, line and paragraph separators, halves of what is no text at all.
_NO_TEXT = frozenset({"Cc", "Zl", "Zp", "Cs"})
# What turns the direction of the text behind it: a name would rearrange the page around it.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_GIVEN = "originals"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a background; None leaves it as it is."""

    picture: bytes | None = None
    name: str | None = None
    mode: str | None = None
    display_order: int | None = None
    is_active: bool | None = None


def checked_name(name: str) -> str:
    """Return a background's name without surrounding blanks; raises InvalidRequest."""
    name = name.strip()
    if not name or len(name) > _NAME_MAX:
        raise InvalidRequest.field("name", f"Give a name of 1 to {_NAME_MAX} characters.")
    if any(
        unicodedata.category(character) in _NO_TEXT
        or unicodedata.bidirectional(character) in _TURNS
        for character in name
    ):
        raise InvalidRequest.field(
            "name", "Give a name of one line of text, without control characters."
        )
    return name


def no_such_background() -> NotFound:
    """Return what is said about a background that is not there."""
    return NotFound("There is no such background.")


class Curation:
    """The use cases of whoever chooses what guests may choose."""

    def __init__(
        self, *, backgrounds: Backgrounds, memory: Memory, darkroom: Darkroom, clock: Clock
    ) -> None:
        self._backgrounds = backgrounds
        self._memory = memory
        self._darkroom = darkroom
        self._clock = clock
        self._giving: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()

    async def add(
        self,
        picture: bytes,
        name: str,
        mode: str,
        display_order: int,
        *,
        is_active: bool = True,
        actor: Actor | None = Actor.CLI,
    ) -> Background:
        """Keep a new background; raises InvalidRequest naming the wrong field.

        `actor` is None where nobody asked for it: then the audit trail says nothing.
        """
        await self._check_mode(mode)
        name = checked_name(name)
        _check_order(display_order)
        facts = await self._inspected(picture, mode)
        background = Background(
            id=ids.new_id(),
            name=name,
            mode=mode,
            media_type=facts.media_type,
            version=hashlib.sha256(picture).hexdigest(),
            file_size=len(picture),
            width=facts.width,
            height=facts.height,
            is_active=is_active,
            display_order=display_order,
            created_at=self._clock.now_ms(),
        )
        noted = self._entry(actor, background.id, f"added: {name}") if actor else None
        await self._backgrounds.add(background, picture, facts.thumbnail, noted)
        return background

    async def change(self, background_id: str, wanted: Change, actor: Actor) -> Background:
        """Change a background, its picture included: all of it or nothing.

        Raises NotFound, InvalidRequest naming the wrong field, Unavailable for the disk.
        """
        # One at a time: what is not mentioned stays as the change before has left it.
        async with self._changing:
            before = await self._backgrounds.get(background_id)
            if before is None:
                raise no_such_background()
            after = await self._changed(before, wanted)
            picture, facts = wanted.picture, None
            if picture is not None:
                facts = await self._inspected(picture, after.mode)
                after = replace(
                    after,
                    media_type=facts.media_type,
                    version=hashlib.sha256(picture).hexdigest(),
                    file_size=len(picture),
                    width=facts.width,
                    height=facts.height,
                )
            elif after.mode != before.mode:
                await self._inspected(await self.picture(before), after.mode)
            noted = self._entry(actor, background_id, _difference(before, after))
            if picture is None or facts is None:
                is_there = await self._backgrounds.change(after, noted)
            else:
                is_there = await self._backgrounds.replace(after, picture, facts.thumbnail, noted)
        if not is_there:
            raise no_such_background()
        return after

    async def _changed(self, before: Background, wanted: Change) -> Background:
        after = before
        if wanted.name is not None:
            after = replace(after, name=checked_name(wanted.name))
        if wanted.mode is not None:
            await self._check_mode(wanted.mode)
            after = replace(after, mode=wanted.mode)
        if wanted.display_order is not None:
            _check_order(wanted.display_order)
            after = replace(after, display_order=wanted.display_order)
        if wanted.is_active is not None:
            after = replace(after, is_active=wanted.is_active)
        return after

    async def _check_mode(self, mode: str) -> None:
        modes = await self._in_pool(self._darkroom.modes)
        if mode not in modes:
            raise InvalidRequest.field("mode", f"Choose one of: {', '.join(sorted(modes))}.")

    async def _inspected(self, picture: bytes, mode: str) -> "BackgroundFacts":
        facts = await self._in_pool(lambda: self._darkroom.inspect(picture))
        if mode == "frame" and not facts.has_alpha:
            raise InvalidRequest.field(
                "file",
                "A frame needs a transparent part for the guest: give a PNG or WebP with one.",
            )
        return facts

    def _entry(self, actor: Actor, background_id: str, detail: str) -> Entry:
        return entry(self._clock, actor, Action.BACKGROUNDS, background_id, detail)

    async def page(self, window: Window) -> Page[Background]:
        """Return a page of all of them, newest first."""
        rows = await self._backgrounds.page(window)
        return page_of(rows, window, await self._backgrounds.total(), lambda row: row)

    async def every(self) -> list[Background]:
        """Return all backgrounds in display order; a new kiosk's first ones are waited for."""
        await self._given()
        return await self._backgrounds.every()

    async def active(self) -> list[Background]:
        """Return those that guests may choose; a new kiosk's first ones are waited for."""
        await self._given()
        return await self._backgrounds.active()

    async def _given(self) -> None:
        if self._giving is not None:
            await asyncio.wait({self._giving})

    async def get(self, background_id: str) -> Background:
        """Return a background, also one that guests may not choose; raises NotFound."""
        background = await self._backgrounds.get(background_id)
        if background is None:
            raise no_such_background()
        return background

    async def picture(self, background: Background, *, thumbnail: bool = False) -> bytes:
        """Return the file of a background, or its thumbnail (PNG).

        Raises NotFound where the file is gone or can't be read: guests see one background less.
        """
        shelf = self._backgrounds
        path = shelf.thumbnail(background) if thumbnail else shelf.picture(background)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            if too_many_open(error):
                raise disk_fault(error) from error
            log.error("background_unreadable", file=path.name, errno=reason(error))  # noqa: TRY400 - no bug
            raise no_such_background() from error

    async def remove(self, background_id: str, actor: Actor = Actor.CLI) -> None:
        """Drop a background; captures that used it stay. Raises NotFound."""
        noted = self._entry(actor, background_id, "removed")
        if not await self._backgrounds.remove(background_id, noted):
            raise no_such_background()

    def start_giving(self, served: asyncio.Event) -> None:
        """Give a new kiosk its first backgrounds while guests are served already."""
        self._giving = asyncio.create_task(self._give_loudly(served))

    async def _give_loudly(self, served: asyncio.Event) -> None:
        # Promised before the first guest can ask, made once she is answered.
        await served.wait()
        try:
            await self.give_originals()
        except KioskError as error:
            # A full disk: the next start tries again.
            log.error("originals_not_given", reason=error.detail)  # noqa: TRY400 - no bug

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._darkroom.pool, work)

    async def give_originals(self) -> None:
        """Give a new kiosk the backgrounds that come with the program, once in its life."""
        if await self._memory.recall(_GIVEN) is not None:
            return
        known = {background.version for background in await self._backgrounds.every()}
        for order, original in enumerate(originals.ORIGINALS):
            picture = originals.read(original)
            if hashlib.sha256(picture).hexdigest() not in known:
                await self.add(picture, original.name, original.mode, order, actor=None)
        await self._memory.remember(_GIVEN, "1")


def _check_order(display_order: int) -> None:
    if not 0 <= display_order <= _ORDER_MAX:
        raise InvalidRequest.field("display_order", f"Give an order from 0 to {_ORDER_MAX}.")


def _difference(before: Background, after: Background) -> str:
    """Return what a change has changed, for the audit trail."""
    said = [
        f"{name}: {getattr(before, name)} -> {getattr(after, name)}"
        for name in ("name", "mode", "display_order", "is_active")
        if getattr(before, name) != getattr(after, name)
    ]
    if before.version != after.version:
        said.append("a new picture")
    return "; ".join(said) or "nothing changed"
