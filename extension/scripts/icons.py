"""Draws the icons: a speech bubble with a wavy underline. Needs nothing but Python."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path

BLUE, WHITE, PINK = (29, 79, 216), (255, 255, 255), (255, 176, 168)
SAMPLES = 4


def colour(x: float, y: float) -> tuple[int, int, int, int]:
    """The colour at a place of the unit square."""
    in_tail = 0.2 < x < 0.42 and 0.7 < y < 0.98 and y - 0.7 < (0.42 - x) * 1.27
    left, right, top, bottom, corner = 0.04, 0.96, 0.06, 0.78, 0.2
    dx = max(left + corner - x, 0, x - right + corner)
    dy = max(top + corner - y, 0, y - bottom + corner)
    if math.hypot(dx, dy) > corner and not in_tail:
        return (0, 0, 0, 0)
    if 0.2 < x < 0.8 and abs(y - 0.33) < 0.055:
        return (*WHITE, 255)
    if 0.2 < x < 0.8 and abs(y - 0.56 - 0.05 * math.sin(x * 31)) < 0.055:
        return (*PINK, 255)
    return (*BLUE, 255)


def png(size: int) -> bytes:
    """An RGBA image, smoothed by oversampling."""
    rows = bytearray()
    steps = [(step + 0.5) / SAMPLES for step in range(SAMPLES)]
    for row in range(size):
        rows.append(0)
        for column in range(size):
            seen = [colour((column + dx) / size, (row + dy) / size) for dx in steps for dy in steps]
            alpha = sum(one[3] for one in seen)
            rows += bytes(round(sum(one[i] * one[3] for one in seen) / alpha) if alpha else 0 for i in range(3))
            rows.append(round(alpha / len(seen)))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    folder = Path(__file__).parent.parent / "icons"
    folder.mkdir(exist_ok=True)
    for size in (16, 32, 48, 128):
        (folder / f"{size}.png").write_bytes(png(size))
