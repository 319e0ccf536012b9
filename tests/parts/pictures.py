"""Pictures for tests, built in memory: plain ones, odd but whole ones, and hostile ones.

Nearly all show the same four quarters (red, green over blue, yellow), so that a test can tell
which way is up and what became of the colours.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Colour = tuple[int, int, int]

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
QUARTERS: tuple[Colour, ...] = (RED, GREEN, BLUE, YELLOW)
WIDTH, HEIGHT = 96, 64
UNREADABLE, TOO_MANY = "photo-unreadable", "photo-too-many-pixels"


class Odd(NamedTuple):
    """A whole picture of a rare kind: its size, and the colours of its four quarters."""

    data: bytes
    width: int
    height: int
    quarters: Sequence[Colour]


def quarters(
    width: int = WIDTH, height: int = HEIGHT, colours: Sequence[Colour] = QUARTERS
) -> Image.Image:
    """Return the four quarters as an image."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for index, colour in enumerate(colours):
        image.paste(colour, (index % 2 * half[0], index // 2 * half[1], width, height))
    return image


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    """Return a picture that compresses badly: the same for the same seed."""
    grain = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(grain)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return an image as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(width: int = WIDTH, height: int = HEIGHT, **options: object) -> bytes:
    """Return the quarters as a JPEG; options are Pillow's."""
    return saved(quarters(width, height), "JPEG", **{"quality": 95, "subsampling": 0} | options)


def png(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return the quarters as a PNG."""
    return saved(quarters(width, height), "PNG")


def webp(width: int = WIDTH, height: int = HEIGHT, **options: object) -> bytes:
    """Return the quarters as a lossless WebP."""
    return saved(quarters(width, height), "WEBP", **{"lossless": True} | options)


def transparent_frame(
    width: int, height: int, border: int, colour: tuple[int, int, int, int]
) -> bytes:
    """Return a PNG that has a border of one colour and opacity, and is clear within."""
    image = Image.new("RGBA", (width, height), colour)
    image.paste((0, 0, 0, 0), (border, border, width - border, height - border))
    return saved(image, "PNG")


def with_orientation(value: int) -> bytes:
    """Return a JPEG with an EXIF orientation."""
    return jpeg(exif=exif(value))


def exif(orientation: int) -> bytes:
    """Return an EXIF block with a position, a serial number and an orientation in it."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "Secret Camera"
    block[0xA431] = "SERIAL-1234567"
    block.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    return block.tobytes()


# --- PNG, chunk by chunk ---------------------------------------------------------------------


def chunk(kind: bytes, body: bytes, *, sound: bool = True) -> bytes:
    """Return a PNG chunk; an unsound one has a wrong checksum."""
    checksum = zlib.crc32(kind + body) ^ (0 if sound else 1)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def png_of(
    width: int,
    height: int,
    depth: int,
    colour: int,
    rows: bytes,
    *,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return a PNG around raw rows (each with its filter byte), with chunks around the data."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(rows))
        + after
        + chunk(b"IEND", b"")
    )


def _rows(samples: NDArray[np.generic]) -> bytes:
    """Return samples as unfiltered PNG rows, big-endian."""
    raw = samples.astype(samples.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in raw)


def _deep_png() -> bytes:
    deep = np.asarray(quarters()).astype(np.uint16) * 257
    return png_of(WIDTH, HEIGHT, 16, 2, _rows(deep))


def _deep_png_with_clear_red() -> bytes:
    deep = np.asarray(quarters()).astype(np.uint16) * 257
    clear = chunk(b"tRNS", struct.pack(">HHH", 65535, 0, 0))
    return png_of(WIDTH, HEIGHT, 16, 2, _rows(deep), before=clear)


def _deep_gray_png(*, clear: bool) -> bytes:
    shades = np.asarray(quarters(colours=GRAYS).convert("L")).astype(np.uint16) * 257
    before = chunk(b"tRNS", struct.pack(">H", 60 * 257)) if clear else b""
    return png_of(WIDTH, HEIGHT, 16, 0, _rows(shades), before=before)


def _animated_png() -> bytes:
    return saved(
        quarters(),
        "PNG",
        save_all=True,
        append_images=[quarters(colours=(BLACK,) * 4), quarters(colours=(WHITE,) * 4)],
        duration=100,
    )


# --- profiles (ICC.1:2022, section 7) ----------------------------------------------------------

_PRIMARIES = {
    b"r": (0.4360747, 0.2225045, 0.0139322),
    b"g": (0.3850649, 0.7168786, 0.0971045),
    b"b": (0.1430804, 0.0606169, 0.7141733),
}


def profile(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return an ICC profile (version 2, display) with these tags."""
    offset = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + struct.pack(">II", offset + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    size = offset + len(bodies)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", space, connection)
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += _fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + bodies


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def matrix_profile(order: str = "rgb", gamma: float = 2.2) -> bytes:
    """Return an RGB profile whose channels mean the primaries in this order."""
    tags = {b"wtpt": _xyz(0.9642, 1.0, 0.8249)}
    for channel, meaning in zip("rgb", order, strict=True):
        tags[channel.encode() + b"XYZ"] = _xyz(*_PRIMARIES[meaning.encode()])
        tags[channel.encode() + b"TRC"] = _gamma(gamma)
    return profile(b"RGB ", b"XYZ ", tags)


def gray_profile(gamma: float) -> bytes:
    """Return a gray profile."""
    tags = {b"wtpt": _xyz(0.9642, 1.0, 0.8249), b"kTRC": _gamma(gamma)}
    return profile(b"GRAY", b"XYZ ", tags)


def ink_profile() -> bytes:
    """Return a CMYK profile in which any ink at all is black, and none is white."""
    ramp = bytes(range(256))
    corners = b"\xff\x80\x80" + b"\x00\x80\x80" * 15
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0])
    lut += _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + ramp * 4 + corners + ramp * 3
    return profile(b"CMYK", b"Lab ", {b"wtpt": _xyz(0.9642, 1.0, 0.8249), b"A2B0": lut})


# --- odd but whole -----------------------------------------------------------------------------

GRAYS: tuple[Colour, ...] = ((60,) * 3, (120,) * 3, (180,) * 3, (240,) * 3)
_INKS = ((0, 255, 255, 0), (255, 0, 255, 0), (0, 0, 0, 255), (0, 0, 0, 0))


def _inks() -> Image.Image:
    """Return quarters in CMYK: red, green, black, white."""
    image = Image.new("CMYK", (WIDTH, HEIGHT))
    for index, ink in enumerate(_INKS):
        corner = (index % 2 * WIDTH // 2, index // 2 * HEIGHT // 2)
        image.paste(ink, (*corner, WIDTH, HEIGHT))
    return image


def _half_clear(mode: str) -> Image.Image:
    """Return quarters whose left half is fully transparent."""
    image = quarters(colours=GRAYS if mode == "LA" else QUARTERS).convert(mode)
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, WIDTH // 2, HEIGHT))
    image.putalpha(alpha)
    return image


def _palette_with_clear_red() -> bytes:
    image = quarters().quantize(4)
    red = image.getpixel((1, 1))
    return saved(image, "PNG", transparency=red)


def _small_first_frame() -> bytes:
    """Return an animated WebP whose first frame covers only the right lower quarter."""
    still = saved(Image.new("RGB", (WIDTH // 2, HEIGHT // 2), RED), "WEBP", lossless=True)
    frame = still[12 : 12 + 8 + struct.unpack_from("<I", still, 16)[0]]
    frame += b"\0" * (len(frame) % 2)
    place = b"".join(
        value.to_bytes(3, "little")
        for value in (WIDTH // 4, HEIGHT // 4, WIDTH // 2 - 1, HEIGHT // 2 - 1, 100)
    )
    return riff(
        (b"VP8X", b"\x02\0\0\0" + _sides(WIDTH, HEIGHT)),
        (b"ANIM", b"\0" * 6),
        (b"ANMF", place + b"\0" + frame),
    )


def _sides(width: int, height: int) -> bytes:
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP container around chunks."""
    body = b"".join(
        kind + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)
        for kind, part in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _odd(data: bytes, *colours: Colour) -> Odd:
    return Odd(data, WIDTH, HEIGHT, colours or QUARTERS)


def _odd_jpegs() -> dict[str, Odd]:
    black = quarters(colours=(BLACK,) * 4)
    plain = jpeg()
    linear = quarters(colours=GRAYS).convert("L")
    return {
        "progressive": _odd(jpeg(progressive=True)),
        "with restart markers": _odd(jpeg(restart_marker_rows=1)),
        "4:2:0": _odd(jpeg(subsampling=2)),
        "RGB inside": _odd(jpeg(keep_rgb=True)),
        "gray": _odd(saved(linear, "JPEG", quality=95), *GRAYS),
        "gray, linear profile": _odd(
            saved(linear, "JPEG", quality=98, icc_profile=gray_profile(1.0)),
            *[(shade,) * 3 for shade in (132, 182, 218, 248)],  # sRGB of 60, 120, ... / 255
        ),
        "CMYK": _odd(saved(_inks(), "JPEG", quality=98), RED, GREEN, BLACK, WHITE),
        "CMYK with a profile": _odd(
            saved(_inks(), "JPEG", quality=98, icc_profile=ink_profile()),
            BLACK,
            BLACK,
            BLACK,
            WHITE,
        ),
        "CMYK with an RGB profile": _odd(
            saved(_inks(), "JPEG", quality=98, icc_profile=matrix_profile("grb")),
            RED,
            GREEN,
            BLACK,
            WHITE,
        ),
        "profile with red and green swapped": _odd(
            jpeg(icc_profile=matrix_profile("grb")), GREEN, RED, BLUE, YELLOW
        ),
        "broken profile": _odd(jpeg(icc_profile=b"no profile at all" * 20)),
        "profile cut in half": _odd(jpeg(icc_profile=matrix_profile("grb")[:150])),
        "corrupt EXIF": _odd(jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x55" * 90)),
        "absurd orientation": _odd(with_orientation(77)),
        "orientation zero": _odd(with_orientation(0)),
        "several pictures (MPO)": _odd(
            saved(quarters(), "MPO", save_all=True, append_images=[black], quality=95)
        ),
        "rubbish behind": _odd(plain + b"rubbish" * 100),
        "a ZIP behind": _odd(plain + b"PK\x03\x04" + b"\0" * 60 + b"PK\x05\x06" + b"\0" * 18),
        "three thousand segments": _odd(plain[:2] + b"\xff\xe9\0\x04ab" * 3000 + plain[2:]),
        "no Huffman tables, as webcams send": _odd(plain.replace(b"\xff\xc4", b"\xff\xe9")),
        "fill bytes": _odd(plain[:2] + b"\xff" * 40 + plain[2:]),
    }


def _odd_pngs() -> dict[str, Odd]:
    white = (WHITE, GREEN, WHITE, YELLOW)
    bits = quarters(colours=(BLACK, WHITE, WHITE, BLACK)).convert("1")
    text = chunk(b"zTXt", b"bomb\0\0" + zlib.compress(b"\0" * 30_000_000))
    profile_bomb = chunk(b"iCCP", b"bomb\0\0" + zlib.compress(b"\0" * 30_000_000))
    rows = _rows(np.asarray(quarters()))
    return {
        "16 bits": _odd(_deep_png()),
        "16 bits, red is clear": _odd(_deep_png_with_clear_red(), WHITE, GREEN, BLUE, YELLOW),
        "16 bits gray": _odd(_deep_gray_png(clear=False), *GRAYS),
        "16 bits gray, one clear": _odd(_deep_gray_png(clear=True), WHITE, *GRAYS[1:]),
        "animated PNG": _odd(_animated_png()),
        "gray PNG": _odd(saved(quarters(colours=GRAYS).convert("L"), "PNG"), *GRAYS),
        "gray and alpha": _odd(saved(_half_clear("LA"), "PNG"), WHITE, GRAYS[1], WHITE, GRAYS[3]),
        "alpha": _odd(saved(_half_clear("RGBA"), "PNG"), *white),
        "palette": _odd(saved(quarters().quantize(4), "PNG")),
        "palette, red is clear": _odd(_palette_with_clear_red(), WHITE, GREEN, BLUE, YELLOW),
        "RGB, red is clear": _odd(
            saved(quarters(), "PNG", transparency=RED), WHITE, GREEN, BLUE, YELLOW
        ),
        "one bit": _odd(saved(bits, "PNG"), BLACK, WHITE, WHITE, BLACK),
        "PNG with a swapping profile": _odd(
            saved(quarters(), "PNG", icc_profile=matrix_profile("grb")), GREEN, RED, BLUE, YELLOW
        ),
        "alpha with a swapping profile": _odd(
            saved(_half_clear("RGBA"), "PNG", icc_profile=matrix_profile("grb")),
            WHITE,
            RED,
            WHITE,
            YELLOW,
        ),
        "text bomb": _odd(png_of(WIDTH, HEIGHT, 8, 2, rows, before=text)),
        "profile bomb": _odd(png_of(WIDTH, HEIGHT, 8, 2, rows, before=profile_bomb)),
        "unsound text": _odd(
            png_of(WIDTH, HEIGHT, 8, 2, rows, after=chunk(b"tEXt", b"a\0b", sound=False))
        ),
        "rubbish behind PNG": _odd(png() + b"<html><script>alert(1)</script>"),
    }


def _odd_webps() -> dict[str, Odd]:
    black = quarters(colours=(BLACK,) * 4)
    clear = (WHITE, GREEN, WHITE, YELLOW)
    animated = webp(save_all=True, append_images=[black], duration=100)
    return {
        "lossless WebP": _odd(webp()),
        "lossy WebP": _odd(webp(lossless=False, quality=95)),
        "WebP with alpha": _odd(saved(_half_clear("RGBA"), "WEBP", lossless=True), *clear),
        "lossy WebP with alpha": _odd(saved(_half_clear("RGBA"), "WEBP", quality=95), *clear),
        "animated WebP": _odd(animated),
        "animation with a small first frame": _odd(_small_first_frame(), WHITE, WHITE, WHITE, RED),
        "WebP with a swapping profile": _odd(
            webp(icc_profile=matrix_profile("grb")), GREEN, RED, BLUE, YELLOW
        ),
    }


# How the quarters look once each orientation has been set right (Exif 3.0, 4.6.5.1.6).
_UPRIGHT: dict[int, tuple[Colour, ...]] = {
    1: (RED, GREEN, BLUE, YELLOW),
    2: (GREEN, RED, YELLOW, BLUE),
    3: (YELLOW, BLUE, GREEN, RED),
    4: (BLUE, YELLOW, RED, GREEN),
    5: (RED, BLUE, GREEN, YELLOW),
    6: (BLUE, RED, YELLOW, GREEN),
    7: (YELLOW, GREEN, BLUE, RED),
    8: (GREEN, YELLOW, RED, BLUE),
}


def _turned() -> dict[str, Odd]:
    found = {}
    for value, colours in _UPRIGHT.items():
        size = (WIDTH, HEIGHT) if value < 5 else (HEIGHT, WIDTH)
        files = {
            "JPEG": with_orientation(value),
            "PNG": saved(quarters(), "PNG", exif=exif(value)),
            "WebP": webp(exif=exif(value)),
        }
        for kind, data in files.items():
            found[f"{kind} orientation {value}"] = Odd(data, *size, colours)
    return found


def odd_pictures() -> dict[str, Odd]:
    """Return whole pictures of rare kinds, each to be taken in, with what has to be seen."""
    return _odd_jpegs() | _odd_pngs() | _odd_webps() | _turned()


# --- hostile -----------------------------------------------------------------------------------


def _cut(data: bytes, kind: str) -> dict[str, bytes]:
    shares = (1, 5, 20, 40, 60, 80, 95, 99)
    return {f"{kind} cut at {share} %": data[: len(data) * share // 100] for share in shares}


def _overwritten(data: bytes, at: int, length: int) -> bytes:
    rubbish = random.Random(7).randbytes(length)
    return data[:at] + rubbish + data[at + length :]


def _resized_header(data: bytes, width: int, height: int) -> bytes:
    """Return a JPEG that claims another size."""
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def endless_scans(scans: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


def _broken_tables(data: bytes) -> bytes:
    """Return a JPEG whose first Huffman table has impossible counts."""
    at = data.index(b"\xff\xc4") + 5
    return data[:at] + b"\xff" * 16 + data[at + 16 :]


def _hostile_jpegs() -> dict[str, bytes]:
    rough = saved(noise(320, 240), "JPEG", quality=90)
    inks = saved(noise(320, 240).convert("CMYK"), "JPEG", quality=90)
    plain = jpeg()
    return _cut(rough, "JPEG") | {
        "JPEG without its last byte": rough[:-1],
        "JPEG without its end": rough[:-2],
        "progressive cut": saved(noise(320, 240), "JPEG", progressive=True)[:-4000],
        "CMYK cut": inks[: len(inks) * 7 // 10],
        "damaged middle": _overwritten(rough, len(rough) // 2, 4000),
        "damaged CMYK": _overwritten(inks, len(inks) // 2, 4000),
        "wrong Huffman tables": _broken_tables(rough),
        "no quantisation tables": rough.replace(b"\xff\xdb", b"\xff\xe9"),
        "only the first marker": b"\xff\xd8",
        "first marker and rubbish": b"\xff\xd8\xff" + b"\x07" * 500,
        "only fill bytes": b"\xff\xd8" + b"\xff" * 5000,
        "endless scans": endless_scans(500),
        "ten thousand segments": plain[:2] + b"\xff\xe9\0\x04ab" * 10_000 + plain[2:],
        "segment longer than the file": plain[:2] + b"\xff\xe9\xff\xff" + plain[2:300],
        "segment of length zero": plain[:2] + b"\xff\xe9\0\0" + plain[2:],
        "two frame headers": plain[: plain.index(b"\xff\xda")] + plain[plain.index(b"\xff\xc0") :],
        "12 bits": plain.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
        "lossless JPEG": plain.replace(b"\xff\xc0", b"\xff\xc3"),
        "JPEG of no height": _resized_header(plain, 100, 0),
        "JPEG of no width": _resized_header(plain, 0, 100),
        "JPEG taller than its data": _resized_header(rough, 320, 2400),
    }


def _hostile_pngs() -> dict[str, bytes]:
    rough = saved(noise(120, 80), "PNG")
    middle = len(rough) // 2
    rows = _rows(np.asarray(quarters()))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    end = chunk(b"IEND", b"")
    return _cut(rough, "PNG") | {
        "PNG without its last byte": rough[:-1],
        "PNG without its end": rough[:-12],
        "PNG with one bit changed": rough[:middle]
        + bytes([rough[middle] ^ 1])
        + rough[middle + 1 :],
        "PNG with a wrong header checksum": rough[:29] + b"\0\0\0\0" + rough[33:],
        "PNG with too few rows": png_of(WIDTH, HEIGHT, 8, 2, rows[: len(rows) // 2]),
        "PNG with one row too few": png_of(WIDTH, HEIGHT + 1, 8, 2, rows),
        "PNG with rubbish for data": start + chunk(b"IDAT", b"\x33" * 900) + end,
        "PNG with half its data": start + chunk(b"IDAT", zlib.compress(rows)[:40]) + end,
        "PNG without data": start + end,
        "PNG of an impossible kind": png_of(WIDTH, HEIGHT, 3, 5, rows),
        "PNG with an unknown vital part": png_of(
            WIDTH, HEIGHT, 8, 2, rows, before=chunk(b"EVIL", b"")
        ),
        "palette without colours": png_of(WIDTH, HEIGHT, 8, 3, rows[: (WIDTH + 1) * HEIGHT]),
        "PNG of no width": png_of(0, HEIGHT, 8, 2, rows),
        "PNG of endless parts": start + chunk(b"tEXt", b"") * 20_000 + end,
    }


def _hostile_webps() -> dict[str, bytes]:
    rough = saved(noise(120, 80), "WEBP", quality=80)
    lossless = saved(noise(64, 64), "WEBP", lossless=True)
    header = (b"VP8X", b"\0\0\0\0" + _sides(320, 240))
    picture = (lossless[12:16], lossless[20:])
    return _cut(rough, "WebP") | {
        "lossless WebP, half": riff((b"VP8L", lossless[20 : len(lossless) // 2])),
        "lossy WebP, half": riff((b"VP8 ", rough[20 : len(rough) // 2])),
        "damaged lossless WebP": _overwritten(lossless, 40, len(lossless) // 2),
        "WebP without a picture": riff(header),
        "empty WebP": riff(),
        "WebP with only opacity": riff(header, (b"ALPH", b"\0" * 400)),
        "WebP larger than its canvas": riff((b"VP8X", b"\0\0\0\0" + _sides(20, 20)), picture),
        "animation without a frame": riff(header, (b"ANMF", b"\0" * 16)),
    }


def _others() -> dict[str, bytes]:
    image = quarters()
    return {
        "nothing": b"",
        "one byte": b"\xff",
        "zero bytes": b"\0" * 5000,
        "text": b"not a picture" * 100,
        "GIF": saved(image, "GIF"),
        "animated GIF": saved(image, "GIF", save_all=True, append_images=[noise(WIDTH, HEIGHT)]),
        "BMP": saved(image, "BMP"),
        "TIFF": saved(image, "TIFF"),
        "ICO": saved(image, "ICO"),
        "JPEG 2000": saved(image, "JPEG2000"),
        "AVIF": saved(image, "AVIF"),
        "PDF": b"%PDF-1.7\n" + jpeg(),
        "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500,
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"></svg>',
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n",
        "ZIP": b"PK\x03\x04" + b"\0" * 200,
        "executable": b"\x7fELF" + b"\0" * 200,
        "15 x 15 JPEG": jpeg(15, 15),
        "15 x 400 PNG": png(15, 400),
        "400 x 15 WebP": webp(400, 15),
        "1 x 1 PNG": png(1, 1),
    }


def _too_large() -> dict[str, bytes]:
    """Return small files of very many pixels; some are whole."""
    zeros = b"\0" * (2501 * 20_000)
    lossless = bytearray(webp())
    lossless[21:25] = (16_383 | 16_383 << 14).to_bytes(4, "little")
    return {
        "JPEG of 20000 x 20000": _resized_header(jpeg(), 20_000, 20_000),
        "JPEG of 65535 x 65535": _resized_header(jpeg(), 65_535, 65_535),
        "PNG of 20000 x 20000": png_of(20_000, 20_000, 1, 0, zeros),
        "PNG of two thousand million a side": png_of(2**31 - 1, 2**31 - 1, 8, 6, b"\0" * 100),
        "WebP of 16384 x 16384": bytes(lossless),
        "WebP canvas of 16777216 a side": riff(
            (b"VP8X", b"\0\0\0\0" + _sides(1 << 24, 1 << 24)), (b"VP8L", webp()[20:])
        ),
    }


def hostile_pictures() -> dict[str, tuple[bytes, str]]:
    """Return files that have to be refused, each with the code of the refusal."""
    unreadable: Iterable[Callable[[], dict[str, bytes]]] = (
        _hostile_jpegs,
        _hostile_pngs,
        _hostile_webps,
        _others,
    )
    refused = {name: (data, UNREADABLE) for build in unreadable for name, data in build().items()}
    return refused | {name: (data, TOO_MANY) for name, data in _too_large().items()}
