"""`kiosk-appliance admin`: a new password, a new key.

Knows neither the socket nor the database: it is handed a locksmith.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from getpass import getpass
from typing import TypeAlias

from kiosk_appliance import backstage
from kiosk_appliance.backstage import Locksmith
from kiosk_appliance.commands.line import Commands, Run, command, group, run_quietly
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.settings import Loaded
from kiosk_appliance.settings.passwords import weakness

_Work: TypeAlias = Callable[[Locksmith], Awaitable[str]]


def declare(commands: Commands) -> None:
    """Declare the command."""
    actions = group(commands, "admin", "Set the admin's password, or end all logins.")
    set_password = "Set the admin's password, read from the terminal or standard input."  # noqa: S105 - a text for people
    command(actions, "set-password", _of(_set_password), set_password)
    rotate_key = "Sign tokens with a new key from now on: every login ends."
    command(actions, "rotate-key", _of(_rotate_key), rotate_key)


def _of(work: _Work) -> Run:
    def run(loaded: Loaded, _options: argparse.Namespace) -> int:
        async def change() -> None:
            async with backstage.locksmith(loaded.settings) as locksmith:
                print(await work(locksmith))

        run_quietly(change())
        return 0

    return run


async def _set_password(locksmith: Locksmith) -> str:
    """Ask for a password and set it; raises InvalidRequest where it is not good enough."""
    password = _asked()
    # Said before anything is opened or asked; some texts could not even be sent.
    problem = weakness(password)
    if problem is not None:
        raise InvalidRequest(f"Nothing was changed: {problem}.")
    await locksmith.set_password(password)
    return "The password is set; whoever was logged in has to log in again."


async def _rotate_key(locksmith: Locksmith) -> str:
    """Change the key that signs tokens."""
    await locksmith.rotate_key()
    return "Tokens are signed with a new key; whoever was logged in has to log in again."


def _asked() -> str:
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise InvalidRequest("The password is no text in UTF-8.") from error
    password = getpass("New password (12 characters or more): ")
    if getpass("Once more: ") != password:
        raise InvalidRequest("The two are not the same; nothing was changed.")
    return password
