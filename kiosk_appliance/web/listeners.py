"""The sockets that people and programs come in by: for guests, for the admin, or one for both.

Owns the addresses, their certificate, and what each of them serves; knows no path.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk_appliance.errors import KioskError
from kiosk_appliance.settings import Address, Settings
from kiosk_appliance.web.server import listen


class CertificateUnusable(KioskError):
    """The admin listener's certificate or its key can't be used."""

    code = "certificate-unusable"
    title = "Certificate unusable"


@dataclass(frozen=True, slots=True)
class Listener:
    """One bound socket; `tls` is None for plain HTTP."""

    address: Address
    socket: socket.socket
    for_guests: bool
    for_admin: bool
    tls: ssl.SSLContext | None

    @property
    def url(self) -> str:
        """Return the address as a person on this machine would type it."""
        host = self.address.host
        wide = host in {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 - compared, never bound
        shown = Address("localhost" if wide else host, self.address.port)
        return f"http{'s' if self.tls else ''}://{shown}"


@contextmanager
def open_listeners(settings: Settings) -> Iterator[tuple[Listener, ...]]:
    """Bind what the settings ask for: one socket, or two where the addresses differ.

    Raises AddressInUse and CertificateUnusable, both with what to do.
    """
    listen_ = settings.listen
    tls = _tls(listen_.tls_certificate, listen_.tls_key)
    with ExitStack() as stack:

        def bound(address: Address, key: str) -> socket.socket:
            return stack.enter_context(listen(address, key))

        if listen_.guest == listen_.admin:
            shared = bound(listen_.guest, "guest")
            yield (Listener(listen_.guest, shared, for_guests=True, for_admin=True, tls=tls),)
            return
        guests, admin = bound(listen_.guest, "guest"), bound(listen_.admin, "admin")
        yield (
            Listener(listen_.guest, guests, for_guests=True, for_admin=False, tls=None),
            Listener(listen_.admin, admin, for_guests=False, for_admin=True, tls=tls),
        )


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None or key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key with a passphrase: nobody is there to type it.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise CertificateUnusable(
            f"[listen] tls_certificate ({certificate}) and tls_key ({key}) can't be used"
            f" ({reason}): give a certificate and its own key without passphrase, both in PEM."
        ) from error
    return context
