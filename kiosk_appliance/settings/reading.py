"""Reading kiosk.toml: found in order, read at once, all mistakes reported together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk_appliance.settings.declarations import DECLARATIONS, Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings with where they came from; `origins` and `notes` are for people."""

    settings: Settings
    source: Path | None
    origins: dict[str, str]
    notes: list[str]


def load(path: Path | None, environ: Mapping[str, str]) -> Loaded:  # noqa: ARG001 -- next commit
    """Return the settings; raises SettingsInvalid with every mistake of the file."""
    settings = Settings()
    kiosk = replace(settings.kiosk, data_dir=Path.cwd() / settings.kiosk.data_dir)
    origins = dict.fromkeys(DECLARATIONS, "default")
    return Loaded(replace(settings, kiosk=kiosk), None, origins, [])
