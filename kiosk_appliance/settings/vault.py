"""Where secrets come from: a file that kiosk.toml names, or the service manager's credentials.

A secret's text is checked here and never put into a message. Knows no TOML.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk_appliance.settings.declaring import Declaration
from kiosk_appliance.settings.kinds import Wrong, nearest
from kiosk_appliance.settings.values import Secret

_LARGEST = 64 * 1024


def from_file(declaration: Declaration, path: Path) -> tuple[Secret, str]:
    """Return a secret file's content, and a note where others can read it; raises Wrong.

    Line ends at the end of the file are no part of the secret.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Wrong(f"there is no file {path}") from None
    except IsADirectoryError:
        raise Wrong(f"{path} is a folder, not a file") from None
    except OSError as error:
        raise Wrong(f"{path} can't be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise Wrong(f"{path} is too large for a secret")
    try:
        text = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Wrong(f"{path} holds no text") from None
    if not text.strip():
        raise Wrong(f"{path} is empty")
    secret = declaration.terms.kind.read(text)
    if not isinstance(secret, Secret):
        raise TypeError(f"{declaration.key} is no secret")
    return secret, exposed(path, mode, declaration.key)


def exposed(path: Path, mode: int, holds: str) -> str:
    """Return a note where everybody can read a file that holds a secret."""
    note = f"{path} ({holds}) can be read by everybody: chmod 600 {path}"
    return note if mode & stat.S_IROTH else ""


@dataclass(slots=True)
class Credentials:
    """`$CREDENTIALS_DIRECTORY`, or nothing when there is none.

    A key's credential is named `storage.password`, or just `password`. A bare name that two tables
    share serves one key only, so that no password gets into the wrong hands.
    """

    folder: Path | None
    names: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Credentials":
        """Return the credentials that the service manager hands over."""
        given = environ.get("CREDENTIALS_DIRECTORY")
        if not given:
            return cls(None)
        try:
            return cls(Path(given), {each.name for each in Path(given).iterdir()})
        except OSError:
            return cls(None)

    def find(self, declaration: Declaration) -> Path | None:
        """Return the credential of a key; each can be had once."""
        for name in (declaration.key, declaration.name):
            if self.folder is not None and name in self.names - self.taken:
                self.taken.add(name)
                return self.folder / name
        return None

    def unused(self, known: list[str]) -> list[str]:
        """Return a note for each credential that no key has taken."""
        notes = []
        for name in sorted(self.names - self.taken):
            if any(name in {key, key.partition(".")[2]} for key in known):
                notes.append(f"the credential {name} is not used: another value comes first")
                continue
            meant = nearest(name, known)
            hint = f"; did you mean {meant}?" if meant else ""
            notes.append(f"the credential {name} is not used{hint}")
        return notes
