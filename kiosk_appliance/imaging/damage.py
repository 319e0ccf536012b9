"""Why a picture can't be taken, before anybody says it to a person.

Parsers raise these; `photo` and `backgrounds` turn them into sentences for their own audience.
"""


class Damaged(Exception):
    """The bytes are no whole picture of a format that is taken; `reason` ends a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooManyPixels(Exception):
    """The picture is readable as far as its header, and too big to decode."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(f"{width} x {height} is more than {limit} pixels")
        self.width = width
        self.height = height
        self.limit = limit
