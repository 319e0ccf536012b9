"""`GET /health/metrics`, read as Prometheus reads it."""

from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance
from tests.parts.guests import take

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(client: httpx.Client) -> Samples:
    answer = client.get("/health/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


def test_what_happened_is_counted(appliance: Appliance) -> None:
    with appliance.client() as client:
        captures = [take(client, phone="0612345671", consent={"sms": True}) for _ in range(2)]
        client.post("/api/capture-batch", json={"captures": [{}]})
        for capture in captures:
            appliance.wait_for(capture["id"], status="synced", sms_sent=True)
        samples = scraped(client)
    posted = {"method": "POST", "path": "/api/capture", "status": "201"}
    assert value(samples, "kiosk_http_requests_total", **posted) == 2
    assert value(samples, "kiosk_capture_seconds_count") == 2
    assert value(samples, "kiosk_capture_seconds_bucket", le="+Inf") == 2
    assert 0 < value(samples, "kiosk_capture_seconds_sum") < 60
    for channel in ("storage", "sms"):
        delivered = {"channel": channel, "outcome": "delivered"}
        assert value(samples, "kiosk_delivery_outcomes_total", **delivered) == 2
        assert value(samples, "kiosk_channel_online", channel=channel) == 1
        for state in ("waiting", "running", "uncertain"):
            one = {"channel": channel, "state": state}
            assert value(samples, "kiosk_outbox_deliveries", **one) == 0
        assert value(samples, "kiosk_outbox_oldest_seconds", channel=channel) == 0
    assert value(samples, "kiosk_disk_free_bytes") > 1_000_000
    assert 0 <= value(samples, "kiosk_event_loop_lag_seconds") < 60
    assert value(samples, "process_resident_memory_bytes") > 10_000_000


def test_what_waits_is_shown(make_appliance: Callable[..., Appliance]) -> None:
    offline = make_appliance({"storage": UNREACHABLE_CLOUD}).start()
    with offline.client() as client:
        take(client, phone="0612345671", consent={"sms": True})
        samples = scraped(client)
    assert value(samples, "kiosk_channel_online", channel="storage") == 0
    for channel in ("storage", "sms"):
        waiting = {"channel": channel, "state": "waiting"}
        assert value(samples, "kiosk_outbox_deliveries", **waiting) == 1
        assert value(samples, "kiosk_outbox_oldest_seconds", channel=channel) >= 0


def test_nobody_can_make_up_series(appliance: Appliance) -> None:
    with appliance.client() as client:
        scraped(client)
        before = len(scraped(client))
        for number in range(50):
            client.get(f"/api/status/made-up-{number}")
            client.get(f"/made-up-{number}")
            client.request(f"{'PROPFIND' if number % 2 else 'REPORT'}", "/health")
        after = scraped(client)
    made = {labels for (name, labels) in after if name == "kiosk_http_requests_total"}
    assert len(after) - before == 3
    assert {dict(labels)["path"] for labels in made} == {
        "/health", "/health/metrics", "/health/ping", "/api/status/{capture_id}", "(unknown path)",
    }  # fmt: skip
