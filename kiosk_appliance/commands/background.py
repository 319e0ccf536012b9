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
    add.add_argument("file", type=Path, help="JPEG, PNG or WebP (a frame needs transparency)")
    add.add_argument("--name", help="name on the guest page (default: the file's)")
    add.add_argument(
        "--mode", help="how it meets the photo (default: frame; person with --front or --zone)"
    )
    add.add_argument("--front", type=Path, help="PNG or WebP that stands before the guests")
    add.add_argument(
        "--zone",
        type=int,
        nargs=4,
        metavar=("LEFT", "TOP", "RIGHT", "BOTTOM"),
        help="where guests look well, in hundredths of the sides",
    )
    add.add_argument("--order", type=int, default=100, help="place on the guest page")
    command(actions, "list", _list, "List all backgrounds.")
    remove = command(actions, "remove", _remove, "Remove a background.")
    remove.add_argument("id", help="its id, as `background list` shows it")


def _add(loaded: Loaded, options: argparse.Namespace) -> int:
    is_layered = options.front is not None or options.zone is not None
    try:
        picture = options.file.read_bytes()
        front = options.front.read_bytes() if options.front else None
    except OSError as error:
        print(f"{error.filename} can't be read: {error.strerror}", file=sys.stderr)
        return 1
    name = checked_name(options.file.stem if options.name is None else options.name)
    mode = options.mode or ("person" if is_layered else "frame")
    if is_layered:
        from kiosk_appliance.imaging.layers import packed  # noqa: PLC0415 - slow to import; others need not wait

        zone = tuple(options.zone) if options.zone else None
        picture = packed(picture, front, zone, loaded.settings.photo.max_pixels)

    async def add(curation: Curator) -> None:
        background = await curation.add(picture, name, mode, options.order)
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
