"""A fleet on one central database: a small one in every run, a thousand kiosks in `make faults`."""

import time
from collections.abc import Callable

import pytest

from tests.faults.fleet import CROWDED, Figures, Plan, actual_rows, expected_rows, sync
from tests.parts.postgres.central import fresh
from tests.parts.postgres.server import PostgresServer

pytestmark = pytest.mark.faults

_SMALL, _FULL = Plan(kiosks=60, captures=4, disruptions=3), Plan(1000, captures=10, disruptions=12)


def test_every_row_is_exact_whatever_order_and_outage(
    full: bool, tell: Callable[[object], None]
) -> None:
    plan, figures = _FULL if full else _SMALL, Figures()
    with PostgresServer(**CROWDED) as server:
        central = fresh(server)
        kiosks = sync(plan, central, figures)
        tell(figures)
        assert not figures.unexpected
        assert actual_rows(central) == expected_rows(kiosks)
        assert figures.disruptions == plan.disruptions
        assert figures.outcomes["Delivered"] == figures.words
        assert figures.outcomes["NotSent"] > 0
        deadline = time.monotonic() + 20
        while central.connections():
            assert time.monotonic() < deadline, "an idle fleet holds connections"
            time.sleep(0.05)
