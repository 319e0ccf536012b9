"""How a command is declared on the command line, and how its work is run.

Knows no particular command.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeAlias

import uvloop

from kiosk_appliance import logs
from kiosk_appliance.settings import Loaded

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it no other way
# Does what was asked and returns the exit code; raises KioskError with a sentence, and OSError.
Run: TypeAlias = Callable[[Loaded, argparse.Namespace], int]


def command(within: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    """Declare a command; its own arguments are added to what is returned."""
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


def group(commands: Commands, name: str, text: str) -> Commands:
    """Declare a command that has actions of its own, and return where they are declared."""
    return commands.add_parser(name, help=text).add_subparsers(required=True, metavar="ACTION")


def run(work: Coroutine[None, None, None]) -> None:
    """Run it to its end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def run_quietly(work: Coroutine[None, None, None]) -> None:
    """Run what a person waits for at the terminal: nothing is logged there but errors."""
    logs.configure(level="ERROR")
    run(work)
