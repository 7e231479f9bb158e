"""What kind of picture a file is, and how large: told by its content, whatever its name says."""

from __future__ import annotations

import re
import struct

from notify.core.record import record

#: Kinds that many mail programs do not show, by how their files begin, with their names.
_OTHERS = {
    rb"RIFF....WEBP": "WebP",
    rb"....ftyp(?:avif|avis)": "AVIF",
    rb"....ftyp(?:hei|mif1|msf1)": "HEIC",
    rb"BM": "BMP",
    rb"II\*\0|MM\0\*": "TIFF",
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)": "SVG",
    rb"%PDF": "PDF",
}
#: SOF0 to SOF15, which tell the size of a JPEG; C4, C8 and CC mean something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers of a JPEG that stand alone.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class ImageError(ValueError):
    """It is no picture that mail programs show; says what it is."""


@record(frozen=True, slots=True)
class Image:
    """The type of a picture, and its size in pixels."""

    content_type: str
    width: int
    height: int


def image_of(octets: bytes) -> Image:
    """Return what picture this is: PNG, JPEG or GIF, which every mail program shows.

    :raises ImageError: it is another kind, none at all, or cut off before its size is told.
    """
    try:
        if octets.startswith(b"\x89PNG\r\n\x1a\n"):
            return _sized("image/png", *struct.unpack_from(">II", octets, 16))
        if octets.startswith((b"GIF87a", b"GIF89a")):
            return _sized("image/gif", *struct.unpack_from("<HH", octets, 6))
        if octets.startswith(b"\xff\xd8\xff"):
            return _sized("image/jpeg", *_size_of_jpeg(octets))
    except struct.error as error:
        raise ImageError("is damaged: it ends before its size is told") from error
    for beginning, name in _OTHERS.items():
        if re.match(beginning, octets[:256], re.DOTALL | re.IGNORECASE):
            raise ImageError(f"is {name}, which many mail programs do not show")
    raise ImageError("is no picture")


def _sized(content_type: str, width: int, height: int) -> Image:
    if not (width and height):
        raise ImageError("is damaged: it has no size")
    return Image(content_type, width, height)


def _size_of_jpeg(octets: bytes) -> tuple[int, int]:
    """Return width and height, from the first frame header (ITU-T T.81, B.2.2)."""
    place = 2
    while True:
        mark, kind = struct.unpack_from(">BB", octets, place)
        if mark != 0xFF:
            raise ImageError("is damaged")
        if kind == 0xFF:  # fills up
            place += 1
        elif kind in _ALONE:
            place += 2
        elif kind in _FRAMES:
            height, width = struct.unpack_from(">HH", octets, place + 5)
            return width, height
        else:
            place += 2 + max(2, struct.unpack_from(">H", octets, place + 2)[0])
