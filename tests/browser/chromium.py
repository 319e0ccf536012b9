"""Chromium as the kiosk has it: a camera that shows a known picture, and no way out.

Owns the browser and its fake camera. Knows nothing of the page's steps.
"""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Playwright

EXECUTABLE: Final = Path("/usr/bin/chromium")
_FRAMES_PER_SECOND: Final = 30
_SOFTWARE_3D: Final = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")

Picture = NDArray[np.uint8]


def write_y4m(path: Path, rgb: Picture) -> Path:
    """Write a still picture as a film that Chromium's fake camera repeats, and return its path.

    `rgb` is (height, width, 3) with even sides. Colours come back within 3 of 255, before JPEG.
    """
    height, width = rgb.shape[:2]
    if height % 2 or width % 2:
        raise ValueError(f"I420 halves the chroma, so {width}x{height} needs even sides")
    planes = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).tobytes()
    header = f"YUV4MPEG2 W{width} H{height} F{_FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(header.encode() + (b"FRAME\n" + planes) * 2)
    return path


def launch(
    playwright: Playwright,
    camera: Path | None,
    *,
    camera_granted: bool = True,
    keeps_pages: bool = False,
    draws_3d: bool = False,
) -> Browser:
    """Start the distribution's Chromium, headless, with `camera` (a Y4M file) as its only camera.

    With `camera_granted` false nobody answers the permission prompt: the page is refused.
    With `keeps_pages` "back" restores the page as it was left, which Playwright else turns off.
    With `draws_3d` WebGL works, by software and slowly, where it else is not there.
    """
    arguments = [
        *(_SOFTWARE_3D if draws_3d else ("--disable-gpu",)),
        "--use-fake-device-for-media-stream",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera.resolve()}")
    if camera_granted:
        arguments.append("--use-fake-ui-for-media-stream")
    return playwright.chromium.launch(
        executable_path=EXECUTABLE,
        headless=True,
        chromium_sandbox=False,
        args=arguments,
        ignore_default_args=["--disable-back-forward-cache"] if keeps_pages else None,
    )
