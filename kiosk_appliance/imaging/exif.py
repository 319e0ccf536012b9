"""The one thing that is read from EXIF: which way is up. Everything else is thrown away.

Never fails: EXIF is often broken in photos that are otherwise whole.
Layout: TIFF 6.0, section 2; the tag is number 274 (0x0112).
"""

import struct

_ORIENTATION = 0x0112
_SHORT, _LONG = 3, 4
_MOST_ENTRIES = 512
_UPRIGHT_WAYS = range(1, 9)


def orientation(tiff: bytes) -> int:
    """Return the EXIF orientation (1 to 8) in a TIFF block; 1 where it is absent or absurd."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        found = _entry(tiff, order)
    except struct.error:
        return 1
    return found if found in _UPRIGHT_WAYS else 1


def _entry(tiff: bytes, order: str) -> int:
    """Return the raw value of the tag in the first directory, 0 where there is none."""
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for index in range(min(entries, _MOST_ENTRIES)):
        at = start + 2 + 12 * index
        tag, kind, count = struct.unpack_from(f"{order}HHI", tiff, at)
        if tag == _ORIENTATION and count == 1 and kind in (_SHORT, _LONG):
            (value,) = struct.unpack_from(f"{order}{'H' if kind == _SHORT else 'I'}", tiff, at + 8)
            return int(value)
    return 0
