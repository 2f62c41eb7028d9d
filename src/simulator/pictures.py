# SPDX-License-Identifier: GPL-3.0-or-later
"""Width and height of a picture, read from its first bytes, and Telegram's rules for photos."""

import struct

from src.simulator.refusals import bad_request

MOST_BYTES_OF_PHOTO = 10 * 1024 * 1024
MOST_WIDTH_PLUS_HEIGHT = 10_000
MOST_RATIO = 20

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD9)) | {0x01, 0xFF}


def photo_size(content: bytes) -> tuple[int, int]:
    """Return width and height of an uploaded photo; raise Refusal if Telegram would not take it."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MOST_BYTES_OF_PHOTO:
        raise bad_request("file is too big")
    size = size_of_picture(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    shorter, longer = sorted(size)
    if shorter < 1 or width + height > MOST_WIDTH_PLUS_HEIGHT or longer > MOST_RATIO * shorter:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def size_of_picture(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF, WebP or JPEG; None for everything else."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _pair(struct.unpack("<HH", content[6:10]))
        if content.startswith(b"RIFF") and content[8:16] == b"WEBPVP8X":
            return _webp(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except struct.error:
        return None
    return None


def _webp(content: bytes) -> tuple[int, int]:
    width = int.from_bytes(content[24:27], "little") + 1
    return width, int.from_bytes(content[27:30], "little") + 1


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker in _JPEG_WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
        elif marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


def _pair(numbers: tuple[int, ...]) -> tuple[int, int]:
    return int(numbers[0]), int(numbers[1])
