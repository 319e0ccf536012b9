"""The kinds with a meaning of their own: addresses, URLs, times of day, secrets, SMS, providers.

Knows no key and no file. Facts about senders and GSM-7 come from OVH's SMS API and 3GPP TS 23.038.
"""

import re
from datetime import time
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from phonenumbers import SUPPORTED_REGIONS

from kiosk_appliance.settings.kinds import Choice, Kind, Text, Wrong, nearest, quoted, shown, string
from kiosk_appliance.settings.values import Address, Network, QuietHours, Secret

# The endpoint names that python-ovh 1.2 knows.
OVH_ENDPOINTS = (
    "ovh-eu", "ovh-us", "ovh-ca", "kimsufi-eu", "kimsufi-ca", "soyoustart-eu", "soyoustart-ca",
)  # fmt: skip
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)", re.ASCII)
_MAX_PORT = 65535
_SENDER_LENGTH = 11


class Listener(Kind[Address]):
    """`address:port`, IPv6 in brackets."""

    def read(self, raw: object) -> Address:
        """Return host and port; the host is not looked up."""
        text = string(raw, "address").strip()
        bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]:(\d{1,5})", text, re.ASCII)
        plain = re.fullmatch(r"([^:\[\]]+):(\d{1,5})", text, re.ASCII)
        match = bracketed or plain
        if match is None:
            raise Wrong(f"{shown(text)} is no address:port", suggestion=_address_hint(text))
        host, port = match[1], int(match[2])
        if not (_is_ip(host) if bracketed or host[-1].isdigit() else _HOST.fullmatch(host)):
            raise Wrong(f"{shown(host)} is no host name or IP address")
        if not 1 <= port <= _MAX_PORT:
            raise Wrong(f"{port} is no port: ports go from 1 to {_MAX_PORT}")
        return Address(host, port)

    def allowed(self) -> str:
        """Return the form."""
        return 'an address and a port, such as "127.0.0.1:8000" or "[::1]:8000"'


def _address_hint(text: str) -> str:
    if _is_ip(text):
        return f'write "{Address(text, 8000)}"'
    if re.fullmatch(r"\d{1,5}", text, re.ASCII):
        return f'write "127.0.0.1:{text}"'
    if "://" in text and urlsplit(text).netloc:
        return f'write "{urlsplit(text).netloc}"'
    return ""


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class NetworkKind(Kind[Network]):
    """An IP address, or a network in CIDR form."""

    def read(self, raw: object) -> Network:
        """Return a network; a single address is one of its own."""
        text = string(raw, "address").strip()
        try:
            return ip_network(text)
        except ValueError:
            pass
        try:
            meant = f'did you mean "{ip_network(text, strict=False)}"?'
        except ValueError:
            meant = ""
        raise Wrong(f"{shown(text)} is no IP address or network", suggestion=meant)

    def show(self, value: Network) -> str:
        """Return a single address without its prefix length."""
        single = value.prefixlen == value.max_prefixlen
        return quoted(str(value.network_address if single else value))

    def allowed(self) -> str:
        """Return the forms."""
        return 'IP addresses or networks, such as "10.8.0.1" or "10.8.0.0/24"'


def parse_url(text: str) -> SplitResult | None:
    """Return the parts of an absolute http(s) URL, None when it is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return None
    if any(char.isspace() or char in '"<>\\^`{|}' for char in text):
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine."""
    return host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback)


class Url(Kind[str]):
    """An http or https address without user, query or fragment; trailing slashes go."""

    def __init__(self, *, query: bool = False, path_holds: str = "") -> None:
        self._query = query
        self._path_holds = path_holds

    def read(self, raw: object) -> str:
        """Return the URL, trailing slashes removed."""
        text = string(raw, "URL").strip()
        parts = parse_url(text)
        if parts is None and "@" in text:
            raise Wrong("this is no http:// or https:// address", hidden=True)
        if parts is None:
            missing = "" if "://" in text or parse_url(f"https://{text}") is None else text
            hint = f'did you mean "https://{missing}"?' if missing else ""
            raise Wrong(f"{shown(text)} is no http:// or https:// address", suggestion=hint)
        if parts.username is not None or parts.password is not None:
            raise Wrong("the address holds a user name or password", hidden=True)
        if not self._query and ("?" in text or "#" in text):
            hint = f'did you mean "{re.split("[?#]", text)[0]}"?'
            raise Wrong(f"{shown(text)} has a query or a fragment", suggestion=hint)
        if self._path_holds not in parts.path:
            wanted = f"{text.rstrip('/')}{self._path_holds}"
            raise Wrong(
                f"{shown(text)} lacks {self._path_holds}", suggestion=f'did you mean "{wanted}"?'
            )
        return text if self._query else text.rstrip("/")

    def allowed(self) -> str:
        """Return the form."""
        tail = "" if self._query else ", without a query"
        inside = f" with {self._path_holds} in it" if self._path_holds else ""
        return f"an http:// or https:// address{inside}{tail}"


class Origin(Url):
    """Scheme, host and port of a web page, as a browser's `Origin` header has them."""

    def read(self, raw: object) -> str:
        """Return the origin in lower case."""
        text = super().read(raw)
        parts = urlsplit(text)
        if parts.path:
            hint = f'did you mean "{parts.scheme}://{parts.netloc}"?'
            raise Wrong(f"{shown(text)} has a path", suggestion=hint)
        return text.lower()

    def allowed(self) -> str:
        """Return the form."""
        return 'origins, such as "https://kiosk.example"'


class OvhEndpoint(Kind[str]):
    """A name that python-ovh knows, or a URL with the version in it."""

    def read(self, raw: object) -> str:
        """Return the name, or the URL as written; plain http only on loopback."""
        text = string(raw, "endpoint").strip()
        if "://" not in text:
            if text in OVH_ENDPOINTS:
                return text
            meant = nearest(text, OVH_ENDPOINTS)
            hint = f'did you mean "{meant}"?' if meant else ""
            raise Wrong(f"{shown(text)} is no known endpoint", suggestion=hint)
        url = Url().read(text)
        parts = urlsplit(url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            hint = f'did you mean "https{url.removeprefix("http")}"?'
            raise Wrong("plain http would send the keys unencrypted", suggestion=hint)
        return url

    def allowed(self) -> str:
        """Return a name and the form."""
        return 'a name such as "ovh-eu", or an https:// address with the version in it'


class TimeOfDay(Kind[time]):
    """Hours and minutes in the kiosk's local time."""

    def read(self, raw: object) -> time:
        """Return the time; TOML's own local time is taken too."""
        if isinstance(raw, time):
            return raw
        text = string(raw, "time of day").strip()
        match = _CLOCK.fullmatch(text)
        if match is None:
            raise Wrong(f"{shown(text)} is no time of day")
        return time(int(match[1]), int(match[2]))

    def show(self, value: time) -> str:
        """Return hours and minutes."""
        return quoted(f"{value:%H:%M}")

    def allowed(self) -> str:
        """Return the form."""
        return 'a time between "00:00" and "23:59"'


class QuietHoursKind(Kind[QuietHours]):
    """Two times of day with a dash between them."""

    def read(self, raw: object) -> QuietHours:
        """Return both ends; they differ."""
        text = string(raw, "span of hours").strip()
        ends = re.split(r"\s*[-\u2013]\s*", text)
        if len(ends) != 2 or not all(map(_CLOCK.fullmatch, ends)):  # noqa: PLR2004 -- two ends
            raise Wrong(f"{shown(text)} is no span of hours")
        start, end = (TimeOfDay().read(each) for each in ends)
        if start == end:
            raise Wrong(f"{shown(text)} starts when it ends")
        return QuietHours(start, end)

    def allowed(self) -> str:
        """Return the form."""
        return 'two times of day, such as "22:00-08:00"'


class SecretText(Kind[Secret]):
    """A secret on one line; messages never show it."""

    secret = True

    def __init__(self, *schemes: str) -> None:
        self._schemes = schemes

    def read(self, raw: object) -> Secret:
        """Return the secret; what is wrong is said without showing it."""
        if not isinstance(raw, str):
            raise Wrong("a secret must be a string in quotes")
        if not raw.strip():
            raise Wrong("the secret is empty")
        if any(ord(char) < 32 for char in raw):  # noqa: PLR2004 -- ASCII controls
            raise Wrong("the secret holds a line break or a control character")
        if self._schemes and not raw.startswith(self._schemes):
            raise Wrong("the address does not begin as it must")
        return Secret(raw)

    def show(self, value: Secret) -> str:
        """Return `set (32 characters)`, never the secret."""
        return str(value)

    def allowed(self) -> str:
        """Return the form."""
        if self._schemes:
            return f"an address that begins with {' or '.join(self._schemes)}"
        return "a secret on one line"


class Sender(Kind[str]):
    """The name that an SMS comes from, as OVH takes it: 3 to 11 letters, digits, blanks, `-_.`."""

    def read(self, raw: object) -> str:
        """Return the sender; whether OVH has validated it only `check --online` knows."""
        text = string(raw, "sender")
        if len(text) > _SENDER_LENGTH:
            raise Wrong(
                f"{shown(text)} has {len(text)} characters",
                suggestion=f'did you mean "{text[:_SENDER_LENGTH].strip()}"?',
            )
        if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9.])?", text, re.ASCII):
            raise Wrong(f"{shown(text)} has characters that no sender may have")
        return text

    def allowed(self) -> str:
        """Return the form."""
        return "at most 11 letters without accents, digits, blanks, dots and dashes"


class SmsText(Text):
    """The text of the SMS, with `{link}` where the link goes."""

    def read(self, raw: object) -> str:
        """Return the text; any other word in braces is a mistake."""
        text = super().read(raw)
        for word in re.findall(r"\{[^{}]*\}", text):
            if word != "{link}":
                raise Wrong(f"{word} means nothing here", suggestion="write {link}")
        if "{link}" not in text:
            raise Wrong("{link} is missing, so that the guest would get no photo")
        return text

    def allowed(self) -> str:
        """Return the form."""
        return f"text of at most {self.maximum} characters with {{link}} in it"


class Colour(Kind[str]):
    """A colour as web pages write it: `#` and six hexadecimal digits."""

    def read(self, raw: object) -> str:
        """Return the colour in small letters."""
        text = string(raw, "colour").strip().lower()
        if re.fullmatch(r"#[0-9a-f]{6}", text, re.ASCII):
            return text
        short = re.fullmatch(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", text, re.ASCII)
        bare = re.fullmatch(r"[0-9a-f]{6}", text, re.ASCII)
        meant = "".join(one * 2 for one in short.groups()) if short else text if bare else ""
        hint = f'did you mean "#{meant}"?' if meant else ""
        raise Wrong(f"{shown(text)} is no colour", suggestion=hint)

    def allowed(self) -> str:
        """Return the form."""
        return 'a colour of six hexadecimal digits, such as "#ffc02e"'


class Country(Choice):
    """A country whose numbers may get an SMS: two letters of ISO 3166."""

    def __init__(self) -> None:
        super().__init__(*sorted(SUPPORTED_REGIONS))

    def read(self, raw: object) -> str:
        """Return the code in capitals."""
        text = string(raw, "country code").strip()
        if text.upper() in SUPPORTED_REGIONS:
            return text.upper()
        by_name = {"france": "FR", "belgique": "BE", "belgium": "BE", "suisse": "CH", "uk": "GB"}
        code = by_name.get(text.casefold())
        hint = f'did you mean "{code}"?' if code else ""
        raise Wrong(f"{shown(text)} is no country code", suggestion=hint)

    def allowed(self) -> str:
        """Return the form; two hundred codes would help nobody."""
        return 'two-letter country codes, such as "FR" or "BE"'
