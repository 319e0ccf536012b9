"""What went wrong on the way to a provider, read from what requests and urllib3 raise.

Knows no provider. Both libraries wrap the one cause that matters in several layers, each in its
own way: in arguments, in `reason`, in `__cause__` or `__context__`.
"""

import errno
import socket
import ssl
from collections.abc import Iterator

import urllib3
from requests import exceptions as http

from kiosk_appliance.domain.delivery import Cause

_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "its name can't be resolved"),
    (ssl.SSLCertVerificationError, "its certificate is not accepted; a portal, or a wrong clock?"),
    (http.SSLError, "no secure connection comes about"),
    (ConnectionRefusedError, "the connection was refused"),
    (http.Timeout, "no answer in time"),
    (urllib3.exceptions.TimeoutError, "no answer in time"),
    (TimeoutError, "no answer in time"),
    (ConnectionError, "the connection was cut"),
    (urllib3.exceptions.ProtocolError, "the connection was cut"),
)


def never_connected(error: Exception) -> bool:
    """Say whether the request certainly did not leave, because no connection came about."""
    return any(
        isinstance(
            one,
            http.ConnectTimeout
            | http.SSLError
            | http.ProxyError
            | urllib3.exceptions.NewConnectionError
            | urllib3.exceptions.ConnectTimeoutError,
        )
        for one in _chain(error)
    )


def cause_of(error: BaseException) -> Cause:
    """Tell a kiosk without network from a provider that does not answer.

    Without a network no name is resolved, or the kernel has no way to the address.
    """
    for one in _chain(error):
        if isinstance(one, urllib3.exceptions.NameResolutionError | socket.gaierror):
            return Cause.NETWORK
        if isinstance(one, OSError) and one.errno in _NO_WAY:
            return Cause.NETWORK
    return Cause.PROVIDER


def cause_in_words(error: BaseException) -> str:
    """Return the first cause that a person can do something with."""
    chain = list(_chain(error))
    for kind, words in _WORDS:
        if any(isinstance(one, kind) for one in chain):
            return words
    for one in chain:
        if isinstance(one, OSError) and one.strerror:
            return one.strerror.lower()[:80]
    return type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error with everything that it wraps, in whichever way its library wraps."""
    todo, seen = [error], set()
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        wrapped = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        todo += [inner for inner in wrapped if isinstance(inner, BaseException)]
