"""The kiosk's randomness from a seed, so that its identifiers and its jitter are repeatable.

What is exchanged is the machine's source of entropy beneath the standard library; the product draws
as ever. For the simulation's own processes only.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Let `secrets` and `random.SystemRandom` draw from the seed."""
    # The database's thread draws while the event loop does: each has a source of its own.
    loop, database = random.Random(f"loop {seed}"), random.Random(f"database {seed}")
    home = threading.current_thread()

    def drawn(size: int) -> bytes:
        return (loop if threading.current_thread() is home else database).randbytes(size)

    machine = vars(random)["_urandom"]
    vars(random)["_urandom"] = drawn
    try:
        yield
    finally:
        vars(random)["_urandom"] = machine
