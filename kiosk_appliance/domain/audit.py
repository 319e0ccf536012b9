"""What is written down about whoever changes something: who, what, and to which thing."""

from dataclasses import dataclass
from enum import StrEnum


class Actor(StrEnum):
    """Who did it. A guest is anybody who has not proved to be somebody else."""

    ADMIN = "admin"
    API_KEY = "api-key"
    GUEST = "guest"
    CLI = "cli"


class Action(StrEnum):
    """What was done."""

    LOGIN = "login"
    LOGOUT = "logout"
    PASSWORD = "password"  # noqa: S105 - an action's name
    KEY = "key"
    ERASE = "erase"
    DELETE = "delete"
    CONFIG = "config"
    BACKGROUNDS = "backgrounds"
    EXPORTS = "exports"
    REVEALED_NUMBERS = "revealed-numbers"
    BACKUP = "backup"
    CLEANUP = "cleanup"
    SYNC = "sync"
    RETRY = "retry"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail; `at` is UTC milliseconds, `target` what it was done to.

    Neither `target` nor `detail` ever holds a guest's number or address, nor a secret.
    """

    id: str
    at: int
    actor: Actor
    action: Action
    target: str | None = None
    detail: str | None = None
