"""The two networks at work: loaded when first asked, one inference at a time, dropped when idle.

The one place that knows which networks there are and what they want to be fed. A better one is put
behind the same two questions: where is somebody (`find`), and how much of each pixel (`matte`).
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance import heap
from kiosk_appliance.imaging import models
from kiosk_appliance.imaging.models import ModelUnusable
from kiosk_appliance.imaging.pixels import Frame, Size, resized

Coverage = NDArray[np.float32]

FINDER_SIDE = 256
# MODNet halves a picture five times.
_STEP = 32
IDLE_S = 60.0
# While one network works nothing else may: it gets two processors, where there are.
_THREADS = min(2, os.cpu_count() or 1)


class Networks:
    """Both networks, from files in a folder. Threads may share one."""

    def __init__(
        self,
        folder: Path = models.FOLDER,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._turn = threading.Lock()
        self._loaded: dict[str, cv2.dnn.Net] = {}
        self._used = 0.0

    @property
    def is_loaded(self) -> bool:
        """Say whether any network is in memory."""
        return bool(self._loaded)

    def complaint(self) -> str | None:
        """Say what is wrong with the networks' files, None where both are whole."""
        return models.complaint(self._folder)

    def find(self, photos: list[Frame]) -> list[Coverage]:
        """Return for each square photo where people are, 256 x 256, 0 to 1: quick and rough.

        Raises ModelUnusable.
        """
        with self._at_work():
            net = self._net(models.FINDER, cv2.dnn.readNetFromTFLite)
            found = []
            for photo in photos:
                small = resized(photo, Size(FINDER_SIDE, FINDER_SIDE))
                net.setInput(cv2.dnn.blobFromImage(small, 1 / 255, swapRB=True))
                found.append(np.array(net.forward()[0, 0], np.float32))
            return found

    def matte(self, photo: Frame, size: Size) -> Coverage:
        """Return how much of each pixel is somebody, 0 to 1, looked at in about that size.

        Raises ModelUnusable.
        """
        fed = Size(_stepped(size.width), _stepped(size.height))
        blob = cv2.dnn.blobFromImage(resized(photo, fed), 1 / 127.5, mean=(127.5,) * 3, swapRB=True)
        with self._at_work():
            net = self._net(models.MATTER, cv2.dnn.readNetFromONNX)
            net.setInput(blob)
            return np.array(net.forward()[0, 0], np.float32)

    def drop_idle(self) -> None:
        """Forget both when nothing was asked for a minute."""
        with self._turn:
            if self._loaded and self._monotonic() - self._used >= IDLE_S:
                self._loaded.clear()
                heap.large_blocks_apart(apart=False)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._turn:
            cv2.setNumThreads(_THREADS)
            try:
                yield
            finally:
                cv2.setNumThreads(1)
                heap.has_worked()
                self._used = self._monotonic()

    def _net(
        self, model: models.Model, read: Callable[[NDArray[np.uint8]], cv2.dnn.Net]
    ) -> cv2.dnn.Net:
        net = self._loaded.get(model.filename)
        if net is None:
            heap.large_blocks_apart(apart=True)
            data = models.read(model, self._folder)
            try:
                net = read(np.frombuffer(data, np.uint8))
            except cv2.error as error:
                raise ModelUnusable(f"{model.filename} can't be loaded: {error}") from error
            self._loaded[model.filename] = net
        return net


def _stepped(side: int) -> int:
    return max(_STEP, round(side / _STEP) * _STEP)


SHARED = Networks()
