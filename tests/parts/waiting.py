"""Waits for what an appliance does by itself. Knows nothing of what that is."""

import time
from collections.abc import Callable

import pytest

from tests.parts.appliance import Appliance


def wait_until(what: Callable[[], object], seconds: float, appliance: Appliance) -> float:
    """Return how long it took until `what` was true; fails after `seconds`."""
    started = time.monotonic()
    while not what():
        if time.monotonic() - started > seconds:
            pytest.fail(f"not within {seconds} s\n{appliance.log()[-6000:]}")
        time.sleep(0.05)
    return time.monotonic() - started
