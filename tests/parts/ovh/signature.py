"""OVH's signature of a call and the server's clock; shares no code with the client under test."""

import hashlib
import time


def sign(secret: str, consumer: str, *, method: str, url: str, body: bytes, timestamp: str) -> str:
    """Return `$1$` + SHA-1 of the six parts joined by plus signs, over the bytes as received."""
    head = f"{secret}+{consumer}+{method}+{url}".encode()
    return "$1$" + hashlib.sha1(b"+".join([head, body, timestamp.encode()])).hexdigest()


class ServerClock:
    """The provider's clock: right by default, wrong on demand."""

    def __init__(self) -> None:
        self.skew_s = 0.0
        self.drift = 0.0
        self._since = time.monotonic()

    def now(self) -> float:
        """Return Unix time in seconds as this server believes it."""
        return time.time() + self.skew_s + self.drift * (time.monotonic() - self._since)

    def step(self, seconds: float) -> None:
        """Move the clock while the server runs."""
        self.skew_s += seconds
