"""The admin's password (hashed) and the key that signs tokens: one file, written as a whole.

Not in the database: backups leave the kiosk, and a lost database must neither lose the password
nor open the first start's door again. Both stand in one file so that a new password and the end of
all tokens are one write.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import write_durably

log = structlog.get_logger("credentials")


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What proves the admin; hashes are argon2's own strings.

    `taken_from_file` is the hash of what `[admin] password_file` held when it was last taken over.
    """

    token_key: bytes
    password: str | None = None
    taken_from_file: str | None = None


_json = msgspec.json.Decoder(Credentials)


@dataclass(frozen=True, slots=True)
class CredentialsFile:
    """The file, mode 0600."""

    path: Path

    def read(self) -> Credentials | None:
        """Return what is in it; None where there is none yet, or none that can be read."""
        try:
            return _json.decode(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.error("credentials_unreadable", reason=type(error).__name__)  # noqa: TRY400 - no bug
            return None

    def write(self, credentials: Credentials) -> None:
        """Put these in place of what was there, durably; raises Unavailable for the disk."""
        try:
            write_durably(self.path, msgspec.json.encode(credentials))
        except OSError as error:
            raise disk_fault(error) from error
