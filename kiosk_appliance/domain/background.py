"""A background: the picture that a guest chooses, and how it meets her photo."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Background:
    """One choice on the guest page; `version` is the SHA-256 of its file, hexadecimal."""

    id: str
    name: str
    mode: str
    media_type: str
    version: str
    file_size: int
    width: int
    height: int
    is_active: bool
    display_order: int
    created_at: int
