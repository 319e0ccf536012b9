"""The protocol that every delivery channel keeps; knows no provider.

A channel is synchronous, because every provider's SDK is: the caller makes the one hop to a
thread. A channel sets its own socket timeouts, keeps no state that a restart would miss, and never
raises for anything that a provider or a network can do: it answers with an outcome.
"""

from typing import Protocol, runtime_checkable

from kiosk_appliance.domain.delivery import LookUp, Outcome, Parcel, Told


class Channel(Protocol):
    """One way to hand parcels over."""

    name: str
    """The outbox's word for the lane: `storage`, `sms`, ..."""
    remote: bool
    """Whether the provider is reached by a network (counts for `online`)."""
    concurrency: int
    """How many parcels may be under way at once."""
    repeatable: bool
    """Whether an attempt that was cut may simply be made again."""

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand one parcel over; blocks, at most for the channel's own timeouts."""
        ...

    def look_up(self, parcel: Parcel) -> LookUp:
        """Ask whether an uncertain parcel was taken; a repeatable channel answers NotFound."""
        ...

    def probe(self) -> Outcome:
        """Make one cheap call that proves that the provider can be reached and used."""
        ...

    def public_base(self) -> str | None:
        """Return the address under which stored photos are public, once it is known."""
        ...

    def close(self) -> None:
        """Drop connections; the channel is not used afterwards."""
        ...


@runtime_checkable
class Followed(Protocol):
    """A channel whose provider can be asked later what became of what it has taken."""

    name: str
    """The same as the channel's."""

    def receipt(self, reference: str) -> Told | None:
        """Return what became of the delivery with this reference; None for no usable answer."""
        ...


@runtime_checkable
class Fetching(Protocol):
    """A channel that can read back what it has stored."""

    def fetch(self, parcel: Parcel) -> bytes | Outcome:
        """Return the photo as it was stored, or why it can't be read."""
        ...
