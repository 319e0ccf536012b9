"""`GET /health/metrics`: what happened since the start and how things stand, for Prometheus.

The only module that knows prometheus_client. Labels are bounded: paths are routes' templates,
never what a client has asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kiosk_appliance.domain.circuit import Position
from kiosk_appliance.store.load import Standing
from kiosk_appliance.web import queries
from kiosk_appliance.web.contract import monitoring
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# The framework adds the charset.
_FORMAT = "text/plain; version=0.0.4"
_UNFINISHED = ("waiting", "running", "uncertain")
_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class _Figures:
    """How things stood when they were last asked for."""

    kiosk: UseCases
    standings: Sequence[Standing]


class Metrics(Collector):
    """All series of one appliance."""

    def __init__(self) -> None:
        self._figures: _Figures | None = None
        # Otherwise each counter has a second series that says when it was made.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # its one bare function
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "kiosk_http_requests",
            "Requests answered, by method, route and status.",
            ("method", "path", "status"),
            registry=self._registry,
        )
        self._captures = Histogram(
            "kiosk_capture_seconds",
            "From a photo that has arrived to its durable capture.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(self)

    def request(self, method: str, template: str, status: int) -> None:
        """Count an answer; `template` is the route's."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, template, str(status)).inc()

    def captured(self, seconds: float) -> None:
        """Count a photo that was taken in."""
        self._captures.observe(seconds)

    async def text(self, kiosk: UseCases) -> bytes:
        """Return all series in Prometheus' text format."""
        self._figures = _Figures(kiosk, await kiosk.vitals.standings())
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield how things stand: asked for by the registry."""
        if self._figures is None:
            return
        kiosk, standings = self._figures.kiosk, self._figures.standings
        channels = kiosk.replay.circuits()
        yield _outcomes(kiosk)
        yield _gauge(
            "kiosk_channel_online",
            "1 where a channel's provider can be used.",
            {(name,): circuit.position is Position.CLOSED for name, circuit in channels.items()},
            "channel",
        )
        numbers = {(name, state): 0.0 for name in channels for state in _UNFINISHED}
        oldest = {(name,): 0.0 for name in channels}
        for one in standings:
            numbers[one.channel, one.state] = one.count
            oldest[one.channel,] = max(one.oldest_s, oldest.get((one.channel,), 0.0))
        yield _gauge(
            "kiosk_outbox_deliveries", "Deliveries not ended.", numbers, "channel", "state"
        )
        yield _gauge(
            "kiosk_outbox_oldest_seconds",
            "Age of the oldest delivery that has not ended; 0 without one.",
            oldest,
            "channel",
        )
        yield _gauge(
            "kiosk_disk_free_bytes",
            "Free space where the photos lie, at the last look.",
            {(): kiosk.space.free_bytes},
        )
        yield _gauge(
            "kiosk_event_loop_lag_seconds",
            "Worst delay of the event loop within the last minute.",
            {(): kiosk.pulse.lag_s},
        )


def _outcomes(kiosk: UseCases) -> Metric:
    family = CounterMetricFamily(
        "kiosk_delivery_outcomes",
        "Attempts of deliveries, by what they came to.",
        labels=("channel", "outcome"),
    )
    for labels, count in sorted(kiosk.tally.counts.items()):
        family.add_metric(labels, count)
    return family


def _gauge(name: str, words: str, values: dict[Any, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


@get("/health/metrics", opt=monitoring.METRICS)
async def metrics(
    request: AnyRequest, kiosk: NamedDependency[UseCases], metrics: NamedDependency[Metrics]
) -> Response[bytes]:
    """Tell Prometheus what happened and how things stand."""
    queries.only(request, ())
    text = await metrics.text(kiosk)
    return Response(text, media_type=_FORMAT, headers={"Cache-Control": "no-store"})
