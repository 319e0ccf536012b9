"""The kernel's word that the network is back, from a kernel of the test's own."""

import struct
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.network import messages
from tests.parts.requirements import need

_ROOT = Path(__file__).parents[2]
_HEADER = struct.Struct("=IHHII")
BODIES = st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=6)


def packed(kind: int, body: bytes) -> bytes:
    message = _HEADER.pack(_HEADER.size + len(body), kind, 0, 1, 0) + body
    return message + bytes(-len(message) % 4)


@given(BODIES)
def test_whole_messages_come_back(sent: list[tuple[int, bytes]]) -> None:
    said = b"".join(packed(kind, body) for kind, body in sent)
    assert list(messages(said)) == sent


@given(BODIES, st.data())
def test_what_is_cut_short_is_left_out(sent: list[tuple[int, bytes]], data: st.DataObject) -> None:
    said = b"".join(packed(kind, body) for kind, body in sent)
    cut = data.draw(st.integers(0, len(said)))
    got = list(messages(said[:cut]))
    assert got == sent[: len(got)]


@given(st.binary(max_size=200))
def test_whatever_the_kernel_says_ends(said: bytes) -> None:
    got = list(messages(said))
    assert len(got) * _HEADER.size <= len(said)


def test_a_network_that_comes_back_is_told_once_within_5_s() -> None:
    """A carrier, an address or a route: each in a network of its own, all three at a time."""
    need(_can_have_a_network(), "a network namespace needs root (CAP_SYS_ADMIN)")
    started = {
        event: subprocess.Popen(
            [sys.executable, "-m", "tests.parts.own_network", event],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for event in ("carrier", "address", "route")
    }
    told = {event: watch.communicate(timeout=60)[0] for event, watch in started.items()}
    for event, watch in started.items():
        assert watch.returncode == 0, f"{event} is not told within 5 s"
        # Before anything changed, after a crowd of announcements, and after the next return.
        assert told[event].splitlines()[-1] == "0 1 2", event


def _can_have_a_network() -> bool:
    probe = "from tests.parts.own_network import enter; enter()"
    done = subprocess.run([sys.executable, "-c", probe], cwd=_ROOT, check=False, timeout=60)
    return done.returncode == 0
