"""`kiosk-appliance background`: adds, lists and removes what guests can choose."""

import argparse
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from kiosk_appliance.backstage import Curator, curator
from kiosk_appliance.commands.line import Commands, command, group, run_quietly
from kiosk_appliance.core.curation import checked_name, no_such_background
from kiosk_appliance.settings import Loaded


def declare(commands: Commands) -> None:
    """Declare the command."""
    actions = group(commands, "background", "Add, list or remove backgrounds.")
    add = command(actions, "add", _add, "Add a background picture.")
    add.add_argument("file", type=Path, help="PNG or WebP (a frame needs transparency)")
    add.add_argument("--name", help="name on the guest page (default: the file's)")
    add.add_argument("--mode", default="frame", help="how it meets the photo (default: frame)")
    add.add_argument("--order", type=int, default=100, help="place on the guest page")
    command(actions, "list", _list, "List all backgrounds.")
    remove = command(actions, "remove", _remove, "Remove a background.")
    remove.add_argument("id", help="its id, as `background list` shows it")


def _add(loaded: Loaded, options: argparse.Namespace) -> int:
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


def _list(loaded: Loaded, _options: argparse.Namespace) -> int:
    async def show(curation: Curator) -> None:
        for one in await curation.every():
            state = "shown " if one.is_active else "hidden"
            size = f"{one.width}x{one.height}"
            print(f"{one.id}  {one.display_order:3}  {state}  {one.mode:12}  {size:9}  {one.name}")

    return _curate(loaded, show)


def _remove(loaded: Loaded, options: argparse.Namespace) -> int:
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

    run_quietly(curate())
    return 0
