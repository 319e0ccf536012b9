"""The last good kiosk.toml: what a start goes by where the file as it is now can't be used.

It lies in the data directory, as the technician wrote it (`store/last_good`). Secrets that stand in
files of their own are no part of it: they are read anew. Writes nothing.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kiosk_appliance.errors import SettingsInvalid
from kiosk_appliance.settings.declarations import Settings
from kiosk_appliance.settings.kinds import FilePath, Wrong
from kiosk_appliance.settings.mistakes import MistakesFound
from kiosk_appliance.settings.reading import Loaded, find, read, text_of
from kiosk_appliance.settings.syntax import parse

NAME = "kiosk.last-good.toml"


def load_last_good(path: Path | None, environ: Mapping[str, str], error: SettingsInvalid) -> Loaded:
    """Return the last good settings in place of the file that met with `error`.

    Raises that error where nothing was kept, and SettingsInvalid where what was kept is no good.
    """
    source = find(path, environ)
    if source is None:
        raise error
    for data_dir in _data_dirs(source, environ):
        kept = data_dir / NAME
        if not _is_there(kept):
            continue
        try:
            loaded = read(kept, source, environ)
        except MistakesFound as worse:
            raise SettingsInvalid(
                f"{error.detail}\n\nThe last good copy can't be used either:\n\n{worse.detail}"
            ) from worse
        # Another kiosk's otherwise.
        if loaded.settings.kiosk.data_dir.resolve() == data_dir.resolve():
            return replace(loaded, in_place_of=error)
    raise error


def _data_dirs(source: Path, environ: Mapping[str, str]) -> list[Path]:
    """Return where the data may lie: as the broken file still says, or else the unit."""
    of_the_unit = [Path(one) for one in environ.get("STATE_DIRECTORY", "").split(":") if one]
    folder = source.absolute().parent
    try:
        parsed = parse(text_of(source))
    except MistakesFound:
        return of_the_unit
    kiosk = parsed.document.get("kiosk", {})
    if isinstance(kiosk, dict) and "data_dir" in kiosk:
        with suppress(Wrong):
            return [folder / FilePath().read(kiosk["data_dir"]), *of_the_unit]
    elif not parsed.lost & {"kiosk", "data_dir"}:
        return [*of_the_unit, folder / Settings().kiosk.data_dir]
    return of_the_unit


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
