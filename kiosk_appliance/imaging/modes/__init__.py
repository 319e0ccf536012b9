"""The background modes: each module of this package is one, and bears a `MODE`."""

import importlib
import pkgutil

from kiosk_appliance.imaging.mode import Mode


def discovered() -> dict[str, Mode]:
    """Import every module beside this one; a new mode is a new file and nothing else."""
    found: dict[str, Mode] = {}
    for entry in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        mode: Mode = importlib.import_module(f"{__name__}.{entry.name}").MODE
        found[mode.name] = mode
    return found


MODES: dict[str, Mode] = discovered()
