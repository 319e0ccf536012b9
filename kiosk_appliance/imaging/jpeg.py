"""JPEG: a walk over the markers before decoding, then a strict decoder at the right scale.

The walk (ITU-T T.81, annex B) finds the size, the orientation and the colour profile, and refuses
what would cost more than a photo may: endless segments, endless scans, rare kinds of JPEG.
"""

import re
from dataclasses import dataclass, field

import simplejpeg

from kiosk_appliance.imaging import exif
from kiosk_appliance.imaging.colour import MOST_PROFILE_BYTES, Raster
from kiosk_appliance.imaging.damage import Damaged
from kiosk_appliance.imaging.pixels import UNKNOWN, Size

_SOF0, _SOF1, _SOF2, _DHT, _DAC = 0xC0, 0xC1, 0xC2, 0xC4, 0xCC
_SOI, _EOI, _SOS, _APP1, _APP2 = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2
_EXIF = b"Exif\0\0"
_ICC = b"ICC_PROFILE\0"
_CHANNELS = {1: "GRAY", 3: "BGR", 4: "CMYK"}
# A photo with a depth map inside has some two hundred segments, a progressive one some ten scans.
_MOST_SEGMENTS = 4096
_MOST_SCANS = 40
_IN_SCAN_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


@dataclass(slots=True)
class Jpeg:
    """A JPEG whose header has been read."""

    data: bytes
    size: Size = UNKNOWN
    orientation: int = 1
    components: int = 0
    progressive: bool = False
    profile_parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def profile(self) -> bytes:
        """The ICC profile (ICC.1:2022, B.4); empty when there is none or a part of it lacks."""
        numbers = sorted(self.profile_parts)
        if numbers != list(range(1, len(numbers) + 1)):
            return b""
        whole = b"".join(self.profile_parts[number] for number in numbers)
        return whole if len(whole) <= MOST_PROFILE_BYTES else b""

    def raster(self, want: Size | None) -> Raster:
        """Decode it, halved as often as leaves `want` or more. Raises Damaged."""
        factor = self._factor(want)
        width, height = -(-self.size.width // factor), -(-self.size.height // factor)
        try:
            samples = simplejpeg.decode_jpeg(
                self.data,
                _CHANNELS[self.components],
                min_width=width,
                min_height=height,
                min_factor=factor,
                strict=True,
            )
        except ValueError as refused:
            raise Damaged("the file is cut short or damaged") from refused
        if self.components == 1:
            return Raster(samples.reshape(samples.shape[:2]), "gray")
        return Raster(samples, "bgr" if self.components == 3 else "cmyk")  # noqa: PLR2004

    def _factor(self, want: Size | None) -> int:
        """Only these scales have fast transforms; 5/8 takes longer than the whole."""
        if want is not None:
            for factor in (8, 4, 2):
                if self.size.width // factor >= want.width and (
                    self.size.height // factor >= want.height
                ):
                    return factor
        return 1


def read(data: bytes) -> Jpeg:
    """Walk over the markers up to the first scan. Raises Damaged."""
    found = Jpeg(data)
    at = 2
    for _ in range(_MOST_SEGMENTS):
        marker, at = _marker(data, at)
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):  # noqa: PLR2004 - the length counts itself
            raise Damaged("the file is cut short or damaged")
        payload = at + 2
        at += length
        if marker == _SOS:
            return _at_first_scan(found, payload)
        _take(found, marker, data, payload, at)
    raise Damaged("its header never ends")


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the marker here and where its segment's length stands; fill bytes are skipped."""
    if data[at : at + 1] != b"\xff":
        raise Damaged("the file is damaged")
    while data[at : at + 1] == b"\xff":
        at += 1
    marker = data[at] if at < len(data) else _EOI
    if marker < _SOF0 or _SOI > marker >= 0xD0 or marker in (_SOI, _EOI):  # noqa: PLR2004
        raise Damaged("the file is cut short or damaged")
    return marker, at + 1


def _take(found: Jpeg, marker: int, data: bytes, start: int, end: int) -> None:
    """Keep what a segment says, if it says anything of use."""
    if marker in (_SOF0, _SOF1, _SOF2):
        if found.components:
            raise Damaged("the file is damaged")
        found.progressive = marker == _SOF2
        _take_frame_header(found, data[start:end])
    elif _SOF0 <= marker <= 0xCF and marker not in (_DHT, _DAC):  # noqa: PLR2004
        raise Damaged("it is a rare kind of JPEG")
    elif marker == _APP1 and data.startswith(_EXIF, start):
        found.orientation = exif.orientation(data[start + len(_EXIF) : end])
    elif marker == _APP2 and data.startswith(_ICC, start) and end >= start + len(_ICC) + 2:
        found.profile_parts[data[start + len(_ICC)]] = data[start + len(_ICC) + 2 : end]


def _take_frame_header(found: Jpeg, header: bytes) -> None:
    if len(header) < 6 or header[0] != 8 or header[5] not in _CHANNELS:  # noqa: PLR2004
        raise Damaged("it is a rare kind of JPEG")
    found.components = header[5]
    found.size = Size(int.from_bytes(header[3:5], "big"), int.from_bytes(header[1:3], "big"))


def _at_first_scan(found: Jpeg, payload: int) -> Jpeg:
    if not found.components:
        raise Damaged("the file is damaged")
    if found.progressive or found.data[payload] < found.components:
        _count_scans(found.data, payload)
    return found


def _count_scans(data: bytes, at: int) -> None:
    """Each scan costs a pass over the whole picture: a small file could ask for hours."""
    scans = 1
    while hit := _IN_SCAN_MARKER.search(data, at):
        marker, at = hit[1][0], hit.end()
        if marker == _EOI:
            return
        scans += marker == _SOS
        if scans > _MOST_SCANS:
            raise Damaged("it has too many scans")
        at += int.from_bytes(data[at : at + 2], "big")
