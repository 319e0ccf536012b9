"""Captures with both providers down against captures with both up, in turns."""

import statistics
import time
import warnings
from pathlib import Path

from tests.bench.subjects import Ours, Sitting
from tests.parts.appliance import Tables, free_port
from tests.parts.ovh import OvhStandIn

with warnings.catch_warnings():
    # Keystone's dependencies import modules that Python 3.13 removes.
    warnings.simplefilter("ignore", DeprecationWarning)
    from tests.parts.swift.cloud import Cloud

# Online, an upload and an SMS follow behind the answer; the next capture shall not pay for them.
_PAUSE_S = {True: 0.8, False: 0.1}


def offline_over_online(folder: Path, sitting: Sitting, captures: int) -> tuple[float, float]:
    """Return the median milliseconds of a capture (offline, online): real Swift, strict OVH."""
    with Cloud() as cloud, OvhStandIn() as ovh:
        online = Ours(folder / "online", [sitting], _tables(cloud, ovh, up=True))
        offline = Ours(folder / "offline", [sitting], _tables(cloud, ovh, up=False))
        try:
            took: dict[Ours, list[float]] = {offline: [], online: []}
            for one in took:
                one.start()
                one.json().run(sitting, 2, 1)
                time.sleep(_PAUSE_S[True])
            for _ in range(captures):
                for one in took:
                    took[one] += one.json().run(sitting, 1, 1)
                    time.sleep(_PAUSE_S[one is online])
        finally:
            online.close()
            offline.close()
    return statistics.median(took[offline]), statistics.median(took[online])


def _tables(cloud: Cloud, ovh: OvhStandIn, *, up: bool) -> Tables:
    nobody = f"http://127.0.0.1:{free_port()}"
    return provider_tables(
        cloud,
        ovh,
        auth_url=cloud.auth_url if up else f"{nobody}/v3",
        endpoint=ovh.endpoint if up else f"{nobody}/1.0",
    )


def provider_tables(cloud: Cloud, ovh: OvhStandIn, *, auth_url: str, endpoint: str) -> Tables:
    """Return the settings for both providers, each reached under the given address."""
    return {
        "storage": {
            "channel": "swift",
            "auth_url": auth_url,
            "username": cloud.username,
            "password": cloud.password,
            "tenant_name": cloud.tenant_name,
            "region": cloud.region,
            "container": cloud.container,
        },
        **ovh.tables(endpoint),
    }
