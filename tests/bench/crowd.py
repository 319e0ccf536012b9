"""What a crowd with large photos takes of memory, and what is left of it two minutes later.

Four clients send 12-megapixel photos with somebody on them, each onto every scene that cuts people
out, as the bare image or, with `--json`, as base64. Read from the kernel: the most that the process
has ever held, and what it holds in the end.

usage: python -m tests.bench.crowd [--json]
"""

import argparse
import base64
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import httpx
import numpy as np

from tests.bench.report import Goal
from tests.bench.resources import peak_mb, resident_mb
from tests.parts.appliance import Appliance
from tests.parts.people import portrait

_CLIENTS, _TURNS = 4, 3
_WIDTH, _HEIGHT = 4000, 3000
_LATER_S = 125


def _photo() -> bytes:
    """Return a JPEG of some 5 MB, as phones give them: a sensor's noise is most of it."""
    drawn = portrait(_WIDTH, _HEIGHT)
    noise = np.random.default_rng(1).normal(0, 6, drawn.shape)
    pixels = np.clip(np.round(drawn + noise), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, 96))[1].tobytes()


def _send(client: httpx.Client, photo: bytes, background: str, *, as_json: bool) -> None:
    if as_json:
        body = {"photo_base64": base64.b64encode(photo).decode(), "background_id": background}
        answer = client.post("/api/capture", json=body)
    else:
        headers = {"Content-Type": "image/jpeg"}
        parameters = {"background_id": background}
        answer = client.post("/api/capture", params=parameters, content=photo, headers=headers)
    answer.raise_for_status()


def main() -> int:
    """Send the crowd, wait, and tell what the process held."""
    parser = argparse.ArgumentParser(description="The memory that a crowd takes.")
    parser.add_argument("--json", action="store_true", help="send photos as base64")
    as_json: bool = parser.parse_args().json
    photo = _photo()
    with tempfile.TemporaryDirectory() as name:
        appliance = Appliance(Path(name)).start()
        try:
            assert appliance.process is not None
            pid = appliance.process.pid
            with appliance.client() as client:
                known = client.get("/api/backgrounds").json()
                scenes = [one["id"] for one in known if one["mode"] == "person"]
                with ThreadPoolExecutor(_CLIENTS) as crowd:
                    sent = crowd.map(
                        lambda scene: _send(client, photo, scene, as_json=as_json),
                        scenes * _TURNS * _CLIENTS,
                    )
                    number = len(list(sent))
            most = peak_mb(pid)
            print(
                f"{number} photos of {len(photo) / 1e6:.1f} MB: at most {most:.0f} MB", flush=True
            )
            time.sleep(_LATER_S)  # the goal is about this very moment
            rest = resident_mb(pid)
        finally:
            appliance.close()
    print(Goal("peak", most, 350, "MB").line())
    print(Goal(f"after {_LATER_S} s", rest, 120, "MB").line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
