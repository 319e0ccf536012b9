"""What `kiosk-appliance admin` does: a new password, a new key.

Knows neither the socket nor the database: it is handed a locksmith.
"""

import sys
from collections.abc import Awaitable, Callable
from getpass import getpass
from typing import TypeAlias

from kiosk_appliance.backstage import Locksmith
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.settings.passwords import weakness

Work: TypeAlias = Callable[[Locksmith], Awaitable[str]]


async def set_password(locksmith: Locksmith) -> str:
    """Ask for a password and set it; raises InvalidRequest where it is not good enough."""
    password = _asked()
    # Said before anything is opened or asked; some texts could not even be sent.
    problem = weakness(password)
    if problem is not None:
        raise InvalidRequest(f"Nothing was changed: {problem}.")
    await locksmith.set_password(password)
    return "The password is set; whoever was logged in has to log in again."


async def rotate_key(locksmith: Locksmith) -> str:
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
