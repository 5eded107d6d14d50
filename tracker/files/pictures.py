"""Photos and other images: whole from the first byte to the last, with nothing behind; and do they say their place?"""

import re
import struct
import zlib
from collections.abc import Iterator

from tracker.files.kinds import FileKind
from tracker.files.places import names_a_place
from tracker.files.unfit import Unfit

_MOST_PIXELS = 100_000_000
_MOST_SEGMENTS = 20_000
_MOST_IMAGES = 10

_PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_CHUNK = struct.Struct(">I4s")

_JPEG_BEGINS = b"\xff\xd8"
_END_OF_IMAGE, _START_OF_SCAN, _APP1 = 0xD9, 0xDA, 0xE1
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_MARKER = re.compile(rb"\xff+[^\x00\xff]", re.DOTALL)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_PADDING = re.compile(rb"[\x00\t\r\n ]*")
# Cameras of one maker put settings of theirs behind the photo, closed by this mark.
_MAKERS_END = b"SEFT"
_ANOTHER_FILE = re.compile(rb"PK\x03\x04|Rar!\x1a|7z\xbc\xaf|%PDF-|MZ\x90|<html|<script|<svg|<\?php|#!/", re.IGNORECASE)

Part = tuple[bytes, bytes]


def check_png(content: bytes) -> None:
    """Refuse what is not one whole PNG image; raises `Unfit`."""
    parts = list(_png_parts(content))
    if not parts or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13 or b"IDAT" not in {name for name, _ in parts}:
        raise Unfit
    width, height = struct.unpack(">2I", parts[0][1][:8])
    if not 0 < width * height <= _MOST_PIXELS:
        raise Unfit


def _png_parts(content: bytes) -> Iterator[Part]:
    if not content.startswith(_PNG_BEGINS):
        raise Unfit
    at, name, seen = len(_PNG_BEGINS), b"", 0
    while name != b"IEND":
        seen += 1
        if at + 12 > len(content) or seen > _MOST_SEGMENTS:
            raise Unfit
        length, name = _CHUNK.unpack_from(content, at)
        end = at + 8 + length
        if content[end : end + 4] != zlib.crc32(content[at + 4 : end]).to_bytes(4, "big"):
            raise Unfit
        yield name, content[at + 8 : end]
        at = end + 4
    if at != len(content):
        raise Unfit


def check_jpeg(content: bytes) -> None:
    """Refuse what is not a whole JPEG image, or has something else behind it; raises `Unfit`."""
    segments = _jpeg_segments(content)
    frames = [payload for marker, payload in segments if marker in _FRAMES]
    if not frames or all(marker != _START_OF_SCAN for marker, _ in segments):
        raise Unfit
    for frame in frames:
        if len(frame) < 6:
            raise Unfit
        height, width = struct.unpack(">2H", frame[1:5])
        if not width or height * width > _MOST_PIXELS:
            raise Unfit


def _jpeg_segments(content: bytes) -> list[tuple[int, bytes]]:
    """Give the segments of a JPEG file; a camera may put further images, as smaller copies, behind the first."""
    found: list[tuple[int, bytes]] = []
    at = 0
    for _ in range(_MOST_IMAGES):
        at = _one_jpeg(content, at, found)
        at = _padding_ends(content, at)
        if at == len(content):
            return found
        if not content.startswith(_JPEG_BEGINS, at):
            break
    if content.endswith(_MAKERS_END) and not _ANOTHER_FILE.search(content, at):
        return found
    raise Unfit


def _padding_ends(content: bytes, at: int) -> int:
    padding = _PADDING.match(content, at)
    return padding.end() if padding else at


def _one_jpeg(content: bytes, at: int, found: list[tuple[int, bytes]]) -> int:
    """Read one image from a place on, and give the place behind it."""
    if not content.startswith(_JPEG_BEGINS, at):
        raise Unfit
    at += len(_JPEG_BEGINS)
    while len(found) < _MOST_SEGMENTS:
        marker, at = _marker(content, at)
        if marker == _END_OF_IMAGE:
            return at
        if marker in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(content[at : at + 2], "big")
        if length < 2 or at + length > len(content):
            raise Unfit
        found.append((marker, content[at + 2 : at + length]))
        at += length
        if marker == _START_OF_SCAN:
            following = _NEXT_MARKER.search(content, at)
            if following is None:
                raise Unfit
            at = following.start()
    raise Unfit


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Give the marker that stands at a place, and the place behind it."""
    found = _MARKER.match(content, at)
    if found is None:
        raise Unfit
    return content[found.end() - 1], found.end()


def says_where(kind: str, content: bytes) -> bool:
    """Say whether a photo tells where it was taken; of other kinds of files nothing is known."""
    if kind == FileKind.PNG:
        return any(names_a_place(name, payload) for name, payload in _png_parts(content))
    if kind == FileKind.JPEG:
        return any(marker == _APP1 and names_a_place(b"APP1", payload) for marker, payload in _jpeg_segments(content))
    return False
