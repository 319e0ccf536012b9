"""What a file that is read again may change while the appliance runs, and what waits for a restart.

Knows the declarations only.
"""

from collections.abc import Iterator
from dataclasses import replace

from kiosk_appliance.settings.declarations import DECLARATIONS, Settings
from kiosk_appliance.settings.declaring import Declaration


def differing(before: Settings, after: Settings) -> list[str]:
    """Return the keys whose values differ, in the order of the file."""
    return [key for key, one in DECLARATIONS.items() if _value(before, one) != _value(after, one)]


def in_force(running: Settings, read: Settings) -> tuple[Settings, frozenset[str]]:
    """Return what was read, but for the keys that need a restart; and which of them differ."""
    waiting = list(_waiting(running, read))
    settings = read
    for one in waiting:
        table = replace(getattr(settings, one.table), **{one.name: _value(running, one)})
        settings = replace(settings, **{one.table: table})
    return settings, frozenset(one.key for one in waiting)


def _waiting(running: Settings, read: Settings) -> Iterator[Declaration]:
    for one in DECLARATIONS.values():
        if one.terms.needs_restart and _value(running, one) != _value(read, one):
            yield one


def _value(settings: Settings, one: Declaration) -> object:
    return getattr(getattr(settings, one.table), one.name)
