"""What an admin has set wins over kiosk.toml: values by key, read by the same declarations.

A value comes and goes as JSON, in the form that it has in the file. Knows no file and no storage.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from kiosk_appliance.settings.declarations import DECLARATIONS, Settings
from kiosk_appliance.settings.declaring import Declaration
from kiosk_appliance.settings.kinds import Wrong, nearest

# What JSON has of a setting; a length of time or a size is a text with its unit.
Value: TypeAlias = str | int | bool | list[str] | None

# Set by a path of its own, which asks for the present one.
_ELSEWHERE = {"admin.password": "PUT /admin/password"}


def is_changeable(declaration: Declaration) -> bool:
    """Say whether an admin may set a key by its value."""
    return declaration.terms.admin_may_change and declaration.key not in _ELSEWHERE


def problem_with(key: str, value: object) -> str | None:
    """Say what is wrong with a value that an admin gives (None takes it back), or None."""
    declaration = DECLARATIONS.get(key)
    if declaration is None:
        meant = nearest(key, list(DECLARATIONS))
        return f"Unknown key{f'; did you mean {meant}?' if meant else '.'}"
    if key in _ELSEWHERE:
        return f"Use {_ELSEWHERE[key]}."
    if not is_changeable(declaration):
        return "Only kiosk.toml sets this."
    if value is None:
        return None
    try:
        declaration.terms.kind.read(value)
    except Wrong as wrong:
        hint = f" ({wrong.suggestion})" if wrong.suggestion else ""
        return f"{wrong.problem[0].upper()}{wrong.problem[1:]}; give {declaration.allowed}{hint}."
    return None


def overridden(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return the settings with an admin's values in them; raises Wrong for one that is none."""
    for key, value in values.items():
        declaration = DECLARATIONS[key]
        table = getattr(settings, declaration.table)
        changed = replace(table, **{declaration.name: declaration.terms.kind.read(value)})
        settings = replace(settings, **{declaration.table: changed})
    return settings


def value_of(settings: Settings, declaration: Declaration) -> Value:
    """Return a key's value as JSON has it; None for a secret and for what is not set."""
    return as_json(declaration, getattr(getattr(settings, declaration.table), declaration.name))


def as_json(declaration: Declaration, value: object) -> Value:
    """Return a value of a key in the form of the file."""
    if value is None or declaration.secret:
        return None
    shown: Value = tomllib.loads(f"value = {declaration.terms.kind.show(value)}")["value"]
    return shown
