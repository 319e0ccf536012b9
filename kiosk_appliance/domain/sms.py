"""How many SMS a text takes: GSM 03.38 (7 bits) or UCS-2, and where each cuts.

Owns the alphabets and the counting; knows no provider. The figures (160, then 153 a part; 70, then
67; an extension character counts two) are those of 3GPP TS 23.038 and 23.040, with the 6-byte
header of a joined message. Nothing here changes an operator's words: `plainer` is for our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_BEYOND_UCS2 = 0xFFFF
# (one message alone, each part of several), in units
_ROOM = {"gsm7": (160, 153), "ucs2": (70, 67)}

_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2026": "...",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u0153": "oe",
        "\u0152": "OE",
    }
)


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: its encoding, its length in that encoding's units, its parts.

    `first_offending` is the first character outside GSM-7, empty when there is none: the one to
    show to an operator who wonders why her text takes two SMS.
    """

    encoding: Literal["gsm7", "ucs2"]
    units: int
    parts: int
    first_offending: str


def segments(text: str) -> Segments:
    """Count the parts that a handset joins; an empty text is one part."""
    offending = next((c for c in text if c not in _BASIC and c not in _EXTENSION), "")
    encoding: Literal["gsm7", "ucs2"] = "ucs2" if offending else "gsm7"
    widths = list(_ucs2_widths(text) if offending else _gsm7_widths(text))
    alone, joined = _ROOM[encoding]
    units = sum(widths)
    parts = 1 if units <= alone else _parts(widths, joined)
    return Segments(encoding, units, parts, offending)


def plainer(text: str) -> str:
    """Return `text` with typographic signs replaced by those of GSM-7; letters keep their accents.

    Only for texts that are ours: an operator's text is sent as she wrote it.
    """
    for space in ("\u00a0", "\u202f"):
        text = text.replace("\u00ab" + space, '"').replace(space + "\u00bb", '"')
    return text.translate(_PLAIN)


def _gsm7_widths(text: str) -> Iterator[int]:
    return (2 if character in _EXTENSION else 1 for character in text)


def _ucs2_widths(text: str) -> Iterator[int]:
    return (2 if ord(character) > _BEYOND_UCS2 else 1 for character in text)


def _parts(widths: list[int], room: int) -> int:
    # An escape pair or a surrogate pair is never cut in two, so a part can end one unit early.
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
