"""The live preview's small frames: a picture in, a mask of who is on it out, ten times a second.

Knows no background: the page itself draws one behind the mask.
"""

import cv2

from kiosk_appliance.imaging.matte import preview_mask
from kiosk_appliance.imaging.networks import FINDER_SIDE, SHARED, Networks
from kiosk_appliance.imaging.photo import PhotoLimits, decode
from kiosk_appliance.imaging.pixels import Size, resized

# A frame is small; a photo belongs elsewhere.
_LIMITS = PhotoLimits(max_pixels=2_100_000, formats=frozenset({"jpeg", "png", "webp"}))
_SIZE = Size(FINDER_SIDE, FINDER_SIDE)


def mask_of(frame: bytes, networks: Networks = SHARED) -> bytes:
    """Return a grey PNG of 256 x 256, white where people are; the frame is squeezed to a square.

    Raises PhotoRefused for the frame, ModelUnusable.
    """
    mask = preview_mask(resized(decode(frame, _LIMITS, want=_SIZE), _SIZE), networks)
    written, encoded = cv2.imencode(".png", mask, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not written:
        raise MemoryError
    return encoded.tobytes()
