"""`kiosk-appliance outbox`, and what it prints: for people, or as JSON for programs.

Knows neither the socket nor the database: it is handed an overseer.
"""

import argparse
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec

from kiosk_appliance import backstage
from kiosk_appliance.backstage import Overseer
from kiosk_appliance.commands.line import Commands, Run, command, group, run_quietly
from kiosk_appliance.core.oversight import Detail, Item, Page, no_such_delivery
from kiosk_appliance.settings import Loaded

_Work: TypeAlias = Callable[[Overseer, argparse.Namespace], Awaitable[str]]

_COLUMNS = "{:21}  {:8}  {:9}  {:>5}  {:20}  {}"


def declare(commands: Commands) -> None:
    """Declare the command."""
    actions = group(commands, "outbox", "See, retry or cancel deliveries.")
    listing = command(actions, "list", _of(_show_list), "List what has not ended.")
    listing.add_argument("--channel", help="only this one: storage, sms, postgres")
    listing.add_argument("--state", help="only these, ended ones too: refused, expired, ...")
    listing.add_argument("--limit", type=int, default=50, help="how many, at most (default: 50)")
    for name, work, text in (
        ("show", _show, "Show one delivery in full."),
        ("retry", _retry, "Try one again at once; a parked SMS is sent once more."),
        ("cancel", _cancel, "Cancel one; an upload's SMS goes with it."),
    ):
        action = command(actions, name, _of(work), text)
        action.add_argument("id", help="its id, as `outbox list` shows it")
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", help="print JSON, for programs")


def _of(work: _Work) -> Run:
    def run(loaded: Loaded, options: argparse.Namespace) -> int:
        async def oversee() -> None:
            async with backstage.overseer(loaded.settings) as overseer:
                print(await work(overseer, options))

        run_quietly(oversee())
        return 0

    return run


async def _show_list(overseer: Overseer, options: argparse.Namespace) -> str:
    """Return the list: one delivery a line, newest first, and how many there are."""
    page = await overseer.page(options.channel, options.state, None, options.limit)
    return _json(page) if options.json else _table(page)


async def _show(overseer: Overseer, options: argparse.Namespace) -> str:
    """Return one delivery, one fact a line."""
    detail = await overseer.show(_id(options))
    return _json(detail) if options.json else _facts(detail)


async def _retry(overseer: Overseer, options: argparse.Namespace) -> str:
    """Retry one, and return how it stands then."""
    await overseer.retry(_id(options))
    return await _standing(overseer, options)


async def _cancel(overseer: Overseer, options: argparse.Namespace) -> str:
    """Cancel one, and return how it stands then."""
    await overseer.cancel(_id(options))
    return await _standing(overseer, options)


def _id(options: argparse.Namespace) -> str:
    # Anything else would be no path of the control socket, or no text at all.
    given: str = options.id
    if not (given.isascii() and given.isalnum()):
        raise no_such_delivery()
    return given


async def _standing(overseer: Overseer, options: argparse.Namespace) -> str:
    detail = await overseer.show(options.id)
    return _json(detail) if options.json else f"{detail.id}: {_state(detail)}"


def _table(page: Page) -> str:
    lines = (
        [_COLUMNS.format("ID", "CHANNEL", "STATE", "TRIES", "NEXT", "WHY")] if page.items else []
    )
    lines += [
        _COLUMNS.format(
            item.id,
            item.channel,
            _state(item),
            item.attempts,
            _moment(item.next_attempt_at),
            item.last_error or ("Waits for its upload." if item.waits_for else ""),
        ).rstrip()
        for item in page.items
    ]
    if page.next_cursor is not None:
        lines.append("... and more: give a larger --limit, or --channel or --state")
    held = [
        f"All {channel} waits: {reason}"
        for channel, reason in sorted(page.held.items())
        if channel in page.counts
    ]
    return "\n".join([*lines, *held, _summary(page.counts)])


def _summary(counts: dict[str, dict[str, int]]) -> str:
    if not counts:
        return "Nothing waits."
    parts = (
        f"{channel}: " + ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
        for channel, states in sorted(counts.items())
    )
    return "; ".join(parts) + "."


def _facts(detail: Detail) -> str:
    facts = {
        "id": detail.id,
        "capture": detail.capture_id,
        "channel": detail.channel,
        "state": _state(detail),
        "why": detail.last_error,
        "created": detail.created_at,
        "next": detail.next_attempt_at,
        "ended": detail.ended_at,
        "attempts": detail.attempts,
        "own failures": detail.failures or None,
        "look-ups": detail.look_ups or None,
        "sent again": detail.resends or None,
        "crashes": detail.crashes or None,
        "waits for": detail.waits_for,
        "recipient": detail.recipient,
        "tag": detail.tag,
        "reference": detail.reference,
        "receipt": detail.receipt,
    }
    return "\n".join(
        f"{name:13} {value}" for name, value in facts.items() if value not in ("", None)
    )


def _state(item: Item) -> str:
    parked = item.state == "uncertain" and item.next_attempt_at is None
    return "parked" if parked else item.state


def _moment(rfc3339: str | None) -> str:
    return "-" if rfc3339 is None else f"{rfc3339[:19]}Z"


def _json(value: Page | Detail) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
