"""`kiosk-appliance serve`: the appliance itself, and what it says on the terminal."""

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from kiosk_appliance import logs
from kiosk_appliance.appliance import serve
from kiosk_appliance.commands.line import Commands, command, run
from kiosk_appliance.notify import ServiceManager
from kiosk_appliance.settings import Loaded, Settings, load
from kiosk_appliance.web.listeners import Listener


def declare(commands: Commands) -> None:
    """Declare the command."""
    serving = command(commands, "serve", _serve, "Serve guests until stopped.")
    serving.add_argument(
        "--strict",
        action="store_true",
        help="never start on the last good copy of a kiosk.toml that is broken now",
    )


def _serve(loaded: Loaded, options: argparse.Namespace) -> int:
    _open_as_many_files_as_allowed()
    log = loaded.settings.log
    logs.configure(level=log.level, file=log.file, max_bytes=log.max_size, backups=log.backups)
    read = partial(load, options.config, os.environ)
    for note in (*loaded.notes, *loaded.pending):
        print(note, file=sys.stderr)
    run(serve(loaded, ServiceManager(os.environ), _announce, read))
    return 0


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
