"""The command line: `kiosk-appliance serve | check | background | outbox | admin`."""

import argparse
import asyncio
import errno
import os
import resource
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import uvloop

from kiosk_appliance import __version__, logs
from kiosk_appliance.appliance import serve
from kiosk_appliance.backstage import Curator, curator, locksmith, overseer
from kiosk_appliance.channels import links_of
from kiosk_appliance.commands import admin, outbox
from kiosk_appliance.core.curation import checked_name, no_such_background
from kiosk_appliance.core.sample import describe
from kiosk_appliance.errors import KioskError, SettingsInvalid
from kiosk_appliance.notify import ServiceManager
from kiosk_appliance.settings import Loaded, Settings, load
from kiosk_appliance.settings.last_good import load_last_good
from kiosk_appliance.settings.summary import summary
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.web.listeners import Listener

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it no other way

# What the system's own words leave open.
_REASONS = {
    errno.EACCES: "this user has no right to it (permission denied)",
    errno.EPERM: "this user has no right to it (operation not permitted)",
    errno.EROFS: "it lies on a disk that can only be read",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this user's share of the disk is full",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EISDIR: "a folder stands where a file is needed",
    errno.ENOENT: "it does not exist",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        loaded = _loaded(options)
        code: int = options.command(loaded, options)
    except KioskError as error:
        print(error.detail, file=sys.stderr)
        return 1
    except OSError as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _loaded(options: argparse.Namespace) -> Loaded:
    try:
        return load(options.config, os.environ)
    except SettingsInvalid as error:
        if options.strict:
            raise
        return load_last_good(options.config, os.environ, error)


def _sentence(error: OSError) -> str:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)
    if error.filename is None:
        return f"kiosk-appliance can't go on: {reason}."
    return f"{os.fsdecode(error.filename)} can't be used: {reason}."


def _serve(loaded: Loaded, options: argparse.Namespace) -> int:
    _open_as_many_files_as_allowed()
    log = loaded.settings.log
    logs.configure(level=log.level, file=log.file, max_bytes=log.max_size, backups=log.backups)
    read = partial(load, options.config, os.environ)
    for note in (*_degraded(loaded), *loaded.notes, *loaded.pending):
        print(note, file=sys.stderr)
    _run(serve(loaded, ServiceManager(os.environ), _announce, read))
    return 0


def _degraded(loaded: Loaded) -> Iterator[str]:
    if loaded.in_place_of is not None:
        kept = Layout(loaded.settings.kiosk.data_dir).last_good
        yield f"{loaded.in_place_of.detail}\n\nGuests are served by the last good copy, {kept}.\n"


def _open_as_many_files_as_allowed() -> None:
    # Every idle connection is an open file, and the usual soft limit ends at 1,024 of them.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _announce(settings: Settings, listeners: Sequence[Listener], code: str | None) -> None:
    setup = f"  Set-up code: {code} (for 30 minutes)\n" if code else ""
    print(
        f"\n  Guest page:  {listeners[0].url}\n"
        f"  Admin:       {listeners[-1].url}/admin\n"
        f"  Data:        {settings.kiosk.data_dir}\n"
        f"{setup}"
        "  Stop:        Ctrl-C\n",
        file=sys.stderr,
        flush=True,
    )


def _check(loaded: Loaded, _options: argparse.Namespace) -> int:
    settings = loaded.settings
    print(summary(loaded))
    for line in describe(links_of(settings), settings.sms.text):
        print(line)
    return 0


def _background_add(loaded: Loaded, options: argparse.Namespace) -> int:
    try:
        picture = options.file.read_bytes()
    except OSError as error:
        print(f"{options.file} can't be read: {error.strerror}", file=sys.stderr)
        return 1

    name = checked_name(options.file.stem if options.name is None else options.name)

    async def add(curation: Curator) -> None:
        background = await curation.add(picture, name, options.mode, options.order)
        print(f"{background.id}  {background.name} ({background.width}x{background.height})")

    return _curate(loaded, add)


def _background_list(loaded: Loaded, _options: argparse.Namespace) -> int:
    async def show(curation: Curator) -> None:
        for one in await curation.every():
            state = "shown " if one.is_active else "hidden"
            size = f"{one.width}x{one.height}"
            print(f"{one.id}  {one.display_order:3}  {state}  {one.mode:12}  {size:9}  {one.name}")

    return _curate(loaded, show)


def _background_remove(loaded: Loaded, options: argparse.Namespace) -> int:
    # Anything else would be no path of the control socket, or no text at all.
    if not (options.id.isascii() and options.id.isalnum()):
        raise no_such_background()

    async def remove(curation: Curator) -> None:
        await curation.remove(options.id)
        print("removed")

    return _curate(loaded, remove)


def _curate(loaded: Loaded, work: Callable[[Curator], Coroutine[None, None, None]]) -> int:
    async def curate() -> None:
        async with curator(loaded.settings) as curation:
            await work(curation)

    logs.configure(level="ERROR")
    _run(curate())
    return 0


def _run(work: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk-appliance", description="The software inside a selfie kiosk."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="kiosk.toml to use")
    # Only `serve` goes by another file than the one that is there.
    parser.set_defaults(strict=True)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serving = _command(commands, "serve", _serve, "Serve guests until stopped.")
    serving.add_argument(
        "--strict", action="store_true",
        help="never start on the last good copy of a kiosk.toml that is broken now",
    )  # fmt: skip
    _command(commands, "check", _check, "Say what is wrong in kiosk.toml, or what is in force.")
    background = commands.add_parser("background", help="Add, list or remove backgrounds.")
    backgrounds = background.add_subparsers(required=True, metavar="ACTION")
    add = _command(backgrounds, "add", _background_add, "Add a background picture.")
    add.add_argument("file", type=Path, help="PNG or WebP (a frame needs transparency)")
    add.add_argument("--name", help="name on the guest page (default: the file's)")
    add.add_argument("--mode", default="frame", help="how it meets the photo (default: frame)")
    add.add_argument("--order", type=int, default=100, help="place on the guest page")
    _command(backgrounds, "list", _background_list, "List all backgrounds.")
    remove = _command(backgrounds, "remove", _background_remove, "Remove a background.")
    remove.add_argument("id", help="its id, as `background list` shows it")
    _outbox_commands(commands)
    within = commands.add_parser("admin", help="Set the admin's password, or end all logins.")
    actions = within.add_subparsers(required=True, metavar="ACTION")
    set_password = "Set the admin's password, read from the terminal or standard input."  # noqa: S105 - a text for people
    _command(actions, "set-password", _of_account(admin.set_password), set_password)
    rotate_key = "Sign tokens with a new key from now on: every login ends."
    _command(actions, "rotate-key", _of_account(admin.rotate_key), rotate_key)
    return parser


def _outbox_commands(commands: _Commands) -> None:
    within = commands.add_parser("outbox", help="See, retry or cancel deliveries.")
    actions = within.add_subparsers(required=True, metavar="ACTION")
    listing = _command(actions, "list", _of_outbox(outbox.show_list), "List what has not ended.")
    listing.add_argument("--channel", help="only this one: storage, sms, postgres")
    listing.add_argument("--state", help="only these, ended ones too: refused, expired, ...")
    listing.add_argument("--limit", type=int, default=50, help="how many, at most (default: 50)")
    for name, work, text in (
        ("show", outbox.show, "Show one delivery in full."),
        ("retry", outbox.retry, "Try one again at once; a parked SMS is sent once more."),
        ("cancel", outbox.cancel, "Cancel one; an upload's SMS goes with it."),
    ):
        action = _command(actions, name, _of_outbox(work), text)
        action.add_argument("id", help="its id, as `outbox list` shows it")
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", help="print JSON, for programs")


def _of_outbox(work: outbox.Work) -> Callable[[Loaded, argparse.Namespace], int]:
    def run(loaded: Loaded, options: argparse.Namespace) -> int:
        async def oversee() -> None:
            async with overseer(loaded.settings) as oversight:
                print(await work(oversight, options))

        logs.configure(level="ERROR")
        _run(oversee())
        return 0

    return run


def _of_account(work: admin.Work) -> Callable[[Loaded, argparse.Namespace], int]:
    def run(loaded: Loaded, _options: argparse.Namespace) -> int:
        async def change() -> None:
            async with locksmith(loaded.settings) as account:
                print(await work(account))

        logs.configure(level="ERROR")
        _run(change())
        return 0

    return run


def _command(
    within: _Commands, name: str, run: Callable[[Loaded, argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    added = within.add_parser(name, help=text, description=text)
    added.set_defaults(command=run)
    # Also taken after the command; left out there, the one before it stays.
    added.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="kiosk.toml to use",
        default=argparse.SUPPRESS,
    )
    return added
