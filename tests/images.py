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
