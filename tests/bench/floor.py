"""The bare cost of a durable capture, in a process of its own and with the libraries alone.

Strict decode at the useful scale, resize, blend, encode, thumbnail, write, fsync, rename, fsync of
the folder, one FULL commit of a capture with two deliveries. No HTTP, no checks, none of our code.

`python -m tests.bench.floor FOLDER` takes lines of JSON on standard input, each `[photo's path,
frame's path, runs, clients]`, and answers each with the milliseconds of its runs.
"""

import json
import os
import sqlite3
import sys
import threading
import time
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import simplejpeg

_TABLES = """
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table captures (id text primary key, token text, at integer, size integer) strict;
    create table deliveries (id text primary key, capture text, channel text) strict;
"""


class Floor:
    """The work, laid out in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = sqlite3.connect(
            folder / "floor.db", isolation_level=None, check_same_thread=False
        )
        self._database.executescript(_TABLES)
        self._turn = threading.Lock()

    def capture(self, photo: bytes, frame: str) -> None:
        name = uuid.uuid4().hex
        jpeg, thumbnail = compose(photo, frame)
        self._write(f"{name}.thumbnail.jpg", thumbnail, sync=False)
        self._write(f"{name}.jpg", jpeg, sync=True)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        with self._turn:
            self._database.execute("begin immediate")
            self._database.execute(
                "insert into captures values (?, ?, ?, ?)",
                (name, uuid.uuid4().hex, time.time_ns(), len(jpeg)),
            )
            self._database.executemany(
                "insert into deliveries values (?, ?, ?)",
                [(uuid.uuid4().hex, name, channel) for channel in ("storage", "sms")],
            )
            self._database.execute("commit")

    def _write(self, name: str, data: bytes, *, sync: bool) -> None:
        part = self._folder / f".{name}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if sync:
            os.fsync(descriptor)
        os.close(descriptor)
        part.replace(self._folder / name)


def compose(photo: bytes, frame: str) -> tuple[bytes, bytes]:
    """Return the composed JPEG and its thumbnail."""
    top, colours, clearness, width, height = _overlay(frame)
    stored_height, stored_width = simplejpeg.decode_jpeg_header(photo)[:2]
    factor = 2 if stored_width >= 2 * width else 1
    pixels = simplejpeg.decode_jpeg(
        photo,
        "BGR",
        min_width=stored_width // factor,
        min_height=stored_height // factor,
        min_factor=factor,
        strict=True,
    )
    if pixels.shape[:2] != (height, width):
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    band = pixels[top:]
    cv2.multiply(band, clearness, dst=band, scale=1 / 255)
    cv2.add(band, colours, dst=band)
    jpeg = simplejpeg.encode_jpeg(
        pixels, quality=88, colorspace="BGR", colorsubsampling="420", fastdct=False
    )
    small = cv2.resize(pixels, (480, 480 * height // width), interpolation=cv2.INTER_AREA)
    return jpeg, simplejpeg.encode_jpeg(
        small, quality=82, colorspace="BGR", colorsubsampling="420", fastdct=False
    )


@cache
def _overlay(frame: str) -> tuple[int, Any, Any, int, int]:
    picture = np.asarray(cv2.imread(frame, cv2.IMREAD_UNCHANGED))
    height, width = picture.shape[:2]
    top = int(np.flatnonzero(picture[:, :, 3].any(axis=1))[0])
    opacity = cv2.cvtColor(np.ascontiguousarray(picture[top:, :, 3]), cv2.COLOR_GRAY2BGR)
    colours = cv2.multiply(np.ascontiguousarray(picture[top:, :, :3]), opacity, scale=1 / 255)
    return top, colours, cv2.bitwise_not(opacity), width, height


def _measured(floor: Floor, photo: bytes, frame: str, runs: int, clients: int) -> list[float]:
    took: list[float] = []

    def client() -> None:
        for _ in range(runs):
            started = time.perf_counter()
            floor.capture(photo, frame)
            took.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def main() -> None:
    """Serve until standard input ends."""
    cv2.setNumThreads(1)
    floor = Floor(Path(sys.argv[1]))
    for line in sys.stdin:
        photo, frame, runs, clients = json.loads(line)
        took = _measured(floor, Path(photo).read_bytes(), frame, runs, clients)
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main()
