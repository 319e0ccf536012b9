"""The values that settings are made of, once they have been read; knows no file and no key."""

from dataclasses import dataclass, field
from datetime import time
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Address:
    """Where a listener is bound: a host name or IP address (without brackets) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that is never printed; only `reveal` gives it out."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the secret itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"set ({len(self._value)} characters)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The part of the day, in local time, in which held-up SMS wait; may span midnight."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        """Say whether a local time of day is quiet; the start is, the end is not."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"
