"""Small pictures, drawn here."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 3, height: int = 2, colour: bytes = b"\xff\x00\x00") -> bytes:
    """Draw a PNG of one colour."""
    rows = b"".join(b"\0" + colour * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


#: One red point.
GIF = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")

#: The beginning of a photograph of 640 times 480, with an APP1 segment and a fill octet before its frame.
JPEG = (
    b"\xff\xd8\xff\xe1\x00\x08Exif\0\0\xff\xff\xc2\x00\x11\x08"
    + struct.pack(">HH", 480, 640)
    + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
)


def pixels(octets: bytes) -> list[list[tuple[int, ...]]]:
    """Return the pixels of a PNG that a browser has written: eight bits each of RGB or RGBA, not interlaced."""
    width, height, _, colours = struct.unpack_from(">IIBB", octets, 16)
    size = {2: 3, 6: 4}[colours]
    data, place = b"", 8
    while place < len(octets):
        length, kind = struct.unpack_from(">I4s", octets, place)
        data += octets[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    raw, above, rows = zlib.decompress(data), bytearray(width * size), []
    for start in range(0, height * (width * size + 1), width * size + 1):
        row = bytearray(raw[start + 1 : start + 1 + width * size])
        _unfilter(raw[start], row, above, size)
        rows.append([tuple(row[pixel : pixel + size]) for pixel in range(0, len(row), size)])
        above = row
    return rows


def _unfilter(kind: int, row: bytearray, above: bytearray, size: int) -> None:
    """Undo the filter of a row (PNG, 9.2)."""
    for place in range(len(row)):
        left, over = (row[place - size] if place >= size else 0), above[place]
        corner = above[place - size] if place >= size else 0
        row[place] = (row[place] + _predicted(kind, left, over, corner)) & 255


def _predicted(kind: int, left: int, over: int, corner: int) -> int:
    if kind == 4:
        return min((left, over, corner), key=lambda one: abs(left + over - corner - one))
    return (0, left, over, (left + over) // 2)[kind]
