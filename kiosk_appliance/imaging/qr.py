"""QR codes of links, as pictures of an exact size."""


def render(url: str, size: int, *, svg: bool) -> bytes:
    """Return the QR code of a link as PNG or SVG, exactly `size` (64 to 2048) pixels a side."""
    raise NotImplementedError
