"""What settings must be to each other: mistakes that no single key shows, and notes.

A mistake keeps the file from being used. A note is something that a technician will want to know,
because otherwise it would be ignored in silence. Knows no TOML text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from kiosk_appliance.settings.declarations import Settings
from kiosk_appliance.settings.locator import Route
from kiosk_appliance.settings.special import is_loopback


@dataclass(frozen=True, slots=True)
class Clash:
    """A mistake between settings: the key it is about, and where to show it, best place first."""

    key: str
    problem: str
    shown_at: tuple[Route, ...]


_SWIFT = ("auth_url", "username", "password", "tenant_name", "region", "container")
_OVH = ("endpoint", "application_key", "application_secret", "consumer_key")


# Read and checked, but not in force in this version (DESIGN.md, "Not there yet").
_PENDING = frozenset({"links.style"})


def pending(given: Iterable[str]) -> Iterator[str]:
    """Yield a note for each key that somebody has set and that does nothing yet."""
    for key in sorted(given):
        if key in _PENDING:
            yield f"{key} is not in force in this version"


def clashes(settings: Settings) -> Iterator[Clash]:
    """Yield what is missing or contradictory."""
    if settings.storage.channel == "swift":
        yield from _missing(settings, "storage", _SWIFT, 'channel = "swift" needs it')
    if settings.sms.channel == "ovh":
        yield from _missing(settings, "sms", ("service_name",), 'channel = "ovh" needs it')
        yield from _missing(settings, "ovh", _OVH, '[sms] channel = "ovh" needs it')
    if settings.postgres.url is not None and find_spec("psycopg") is None:
        problem = "it needs the package psycopg: see requirements-postgres.txt in the README"
        yield Clash("postgres.url", problem, (("postgres", "url"), ("postgres", "url_file")))
    yield from _listeners(settings)


def _missing(settings: Settings, table: str, names: tuple[str, ...], why: str) -> Iterator[Clash]:
    shown_at: tuple[Route, ...] = ((table,), ("sms", "channel"))
    for name in names:
        if getattr(getattr(settings, table), name) is None:
            yield Clash(f"{table}.{name}", f"missing: {why}", shown_at)


def _listeners(settings: Settings) -> Iterator[Clash]:
    listen = settings.listen
    for given, other in (("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")):
        if getattr(listen, given) is not None and getattr(listen, other) is None:
            problem = f"missing: {given} is of no use without it"
            yield Clash(f"listen.{other}", problem, (("listen", given),))
    if listen.guest != listen.admin and listen.guest.port == listen.admin.port:
        hosts = {listen.guest.host, listen.admin.host}
        everywhere = {"0.0.0.0", "::"} & hosts  # noqa: S104 -- compared, never bound
        if (everywhere and len({":" in host for host in hosts}) == 1) or (
            "localhost" in hosts and any(map(is_loopback, hosts - {"localhost"}))
        ):
            problem = f"guest ({listen.guest}) and admin ({listen.admin}) take the same port twice"
            yield Clash("listen.admin", problem, (("listen", "admin"), ("listen", "guest")))


def notes(settings: Settings) -> Iterator[str]:
    """Yield what works, but perhaps not as meant."""
    if settings.storage.channel != "swift":
        yield from _idle("storage", settings, _SWIFT, '[storage] channel is "directory"')
    if settings.sms.channel != "ovh":
        yield from _idle("sms", settings, ("service_name",), '[sms] channel is "file"')
        yield from _idle("ovh", settings, _OVH, '[sms] channel is "file"')
    if not is_loopback(settings.listen.guest.host):
        yield (
            f"listen.guest is {settings.listen.guest}: everybody on that network can open the"
            " guest page"
        )
    if settings.listen.tls_key is not None and settings.listen.guest == settings.listen.admin:
        yield "listen.tls_certificate also holds for the guest page: both share one address"
    if settings.guest.google_review_enabled and settings.guest.google_review_url is None:
        yield "guest.google_review_enabled does nothing without google_review_url"
    if settings.disk.warn_below < settings.disk.refuse_below:
        yield "disk.warn_below is less than refuse_below: photos are refused without a warning"
    if settings.photo.max_batch_size < settings.photo.max_size:
        yield "photo.max_batch_size is less than max_size: a large photo fits into no batch"
    yield from _believed(settings)


def _believed(settings: Settings) -> Iterator[str]:
    """Yield a note for each provider that is not asked who it is."""
    if (settings.storage.auth_url or "").startswith("http://"):
        host = (settings.storage.auth_url or "").split("/")[2].rsplit(":", 1)[0].strip("[]")
        if not is_loopback(host):
            yield "storage.auth_url is plain http: the password travels unencrypted"
    if settings.postgres.url is not None and _unproven(settings.postgres.url.reveal()):
        yield "postgres.url has no sslmode=verify-full: whoever answers there is believed"


def _unproven(url: str) -> bool:
    """Say whether a database on another machine is taken at its word."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and not is_loopback(host or "") and "sslmode=verify-" not in url


def _idle(table: str, settings: Settings, names: tuple[str, ...], why: str) -> Iterator[str]:
    values = getattr(settings, table)
    given = [name for name in names if getattr(values, name) is not None]
    if given:
        yield f"[{table}] {', '.join(given)} not used: {why}"
