"""The photo of a parcel as bytes, or why there is none; shared by the channels that store it."""

import os

from kiosk_appliance.domain.delivery import Parcel, Refused, Transient


def read_photo(parcel: Parcel) -> bytes | Refused | Transient:
    """Return the whole JPEG: a final photo is a few megabytes at most and never rewritten.

    A photo that is gone or empty can never be delivered; a disk that fails may recover.
    """
    try:
        photo = parcel.photo.read_bytes()
    except FileNotFoundError:
        return Refused("The photo is no longer on the kiosk.")
    except OSError as error:
        return Transient(f"The photo could not be read from the disk: {cause(error)}.", own=True)
    return photo or Refused("The photo's file is empty.")


def cause(error: OSError) -> str:
    """Return what the operating system says, without the path (it holds a token)."""
    return os.strerror(error.errno) if error.errno else type(error).__name__
