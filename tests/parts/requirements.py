"""What a suite needs of the machine: without it the suite is skipped loudly, and fails in CI."""

import os

import pytest


def need(condition: object, reason: str) -> None:
    """Skip the running test with `reason` unless `condition` holds; under CI=true, fail it."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"could not run, and CI must: {reason}", pytrace=False)
    pytest.skip(reason)
